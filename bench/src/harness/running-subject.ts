import type { RunningProcess } from './start-process.ts'

/** The places in which a subject with duties leaves evidence of them. `null` for a duty that it does not have. */
export interface Evidence {
  /** The folder of its journal, which holds nothing else. */
  readonly journalFolder: string | null
  /** The file with one line for each request. */
  readonly requestLog: string | null
  readonly metrics: {
    readonly url: string
    /** The counter of requests. */
    readonly counter: string
  } | null
}

export interface RunningSubject extends RunningProcess {
  readonly evidence: Evidence
}

export const NO_EVIDENCE: Evidence = { journalFolder: null, requestLog: null, metrics: null }
