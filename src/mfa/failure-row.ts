/** A line in the log, for the operator. */
export interface FailureLogLine {
  readonly level: 'warn' | 'error'
  readonly text: string
}

/**
 * Everything that is said of one kind of failure. The GraphQL type, the messages, the log and the tables of README and
 * `docs/errors.md` are made of it, or compared with it. `D` is what a failure of the kind holds.
 */
export interface FailureRow<D> {
  /** The name of its GraphQL type. */
  readonly type: `Mfa${string}Error`
  /** One sentence: what has happened. Begins the description of the type. */
  readonly cause: string
  /** The rest of the description. */
  readonly detail: string
  /** One sentence: what a front end should do. */
  readonly advice: string
  /** What a person is told. Always our own words: GenAuth's text may hold anything. */
  readonly message: string | ((failure: D) => string)
  /** Whether the same request may succeed later. */
  readonly isRetryable: boolean | ((failure: D) => boolean)
  /**
   * What a read does that fails so and has no union to say it in: an error at its path, or `null` there. `NEVER`: only
   * a write fails so.
   */
  readonly inReads: 'ERROR' | 'NULL' | 'NEVER'
  /** How a call to GenAuth that fails so is logged. Unset: not at all, since callers cause it. */
  readonly log?: FailureLogLine | ((failure: D) => FailureLogLine)
}

/** A row as it stands: names what its failure holds. */
export function row<D = object>(failureRow: FailureRow<D>): FailureRow<D> {
  return failureRow
}
