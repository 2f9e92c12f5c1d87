/** `QUEUED`, `RUNNING` and `PAUSED` jobs go on after a restart. The others have ended. */
export type JobStatus = 'QUEUED' | 'RUNNING' | 'PAUSED' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED'
