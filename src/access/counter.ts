/** What a counter has granted. */
export interface Taken {
  /** From nothing to as many as were wanted. Only these are counted. */
  readonly granted: number
  /** Until the window ends, in milliseconds; then all is free again. */
  readonly resetsInMs: number
  /** Counts fewer after all, in the window that they were counted in. Never throws. */
  giveBack(count: number): void
}

/** Counts one kind of thing, for each key by itself, and never above its limit. */
export interface Counter {
  /** Takes as many as are left of so many that are wanted, in one step. */
  take(key: string, wanted: number): Promise<Taken>
}
