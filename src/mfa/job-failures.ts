import { row } from './failure-row.ts'
import type { JobStatus } from './job-status.ts'

/** The failures of work on many users together, which a store keeps. */
export const JOB_FAILURES = {
  NOT_FOUND: row({
    type: 'MfaJobNotFoundError',
    cause: 'There is no such scan.',
    detail: 'The newest five scans that have ended are kept, and older ones are removed.',
    advice: 'Choose another scan from `mfaCoverageScans`, or start one.',
    message: 'There is no such scan, or it was removed. Choose another one, or start one.',
    isRetryable: false,
    inReads: 'NEVER',
  }),
  WRONG_STATE: row<{ readonly status: JobStatus }>({
    type: 'MfaJobStateError',
    cause: 'The scan has ended already; `status` says how.',
    detail: 'Nothing was changed.',
    advice: 'Show `status`.',
    message: 'The scan has ended already; nothing was changed. Read the scan again.',
    isRetryable: false,
    inReads: 'NEVER',
  }),
  FEATURE_OFF: row({
    type: 'MfaFeatureOffError',
    cause: 'This server keeps no scans and no history, because it has no store.',
    detail: 'Its operator turns them on with `STORE_URL`.',
    advice: 'Hide what needs scans or the history, or tell the operator of this server.',
    message:
      'This server keeps no scans and no history, because it has no store. Its operator can set STORE_URL.',
    isRetryable: false,
    inReads: 'NEVER',
  }),
}
