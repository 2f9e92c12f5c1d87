/** A line in the log, for the operator. */
export interface FailureLogLine {
  readonly level: 'warn' | 'error'
  readonly text: string
}

/**
 * All texts and traits of one kind of failure. The GraphQL type, the messages and the log are made of it. The tables
 * of README and `docs/errors.md` are made of it or compared with it. `D` is the data that a failure of the kind
 * holds.
 */
export interface FailureRow<D> {
  /** The name of its GraphQL type. */
  readonly type: `Mfa${string}Error`
  /** One sentence that says what has happened. The description of the type begins with it. */
  readonly cause: string
  /** The rest of the description. */
  readonly detail: string
  /** One sentence that says what a front end should do. */
  readonly advice: string
  /** The message for people. The words are always this server's own, because GenAuth's text may hold anything. */
  readonly message: string | ((failure: D) => string)
  /** `true` if the same request may succeed later. */
  readonly isRetryable: boolean | ((failure: D) => boolean)
  /**
   * The result of a read that fails so and has no union to say it in: an error at its path, or `null` there. `NEVER`
   * means that no read of a user fails so.
   */
  readonly inReads: 'ERROR' | 'NULL' | 'NEVER'
  /**
   * The line that a call to GenAuth logs if it fails so. If it is left out, nothing is logged, because callers cause
   * the failure.
   */
  readonly log?: FailureLogLine | ((failure: D) => FailureLogLine)
}

/** Returns the row as it is, with the type of the data that its failure holds. */
export function row<D = object>(failureRow: FailureRow<D>): FailureRow<D> {
  return failureRow
}
