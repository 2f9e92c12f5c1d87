/** The grant of a counter. */
export interface Taken {
  /** A number from zero to the wanted one. Only granted ones are counted. */
  readonly granted: number
  /** Milliseconds until the window ends and everything is free again. */
  readonly resetsInMs: number
  /** Subtracts from the count, in the window in which it was counted. It never throws. */
  giveBack(count: number): void
}

/** Counts one kind of event for each key, and never above its limit. */
export interface Counter {
  /** Grants as many of the wanted ones as are left, in one step. */
  take(key: string, wanted: number): Promise<Taken>
}
