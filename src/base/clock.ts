/** Work that is to be done later. */
export interface Timer {
  /** The work is not done, unless it has begun. */
  cancel(): void
  /** The process may end before the work is done. */
  unref(): Timer
}

/** Everything that reads the time or waits does so by one of these, so that a test can turn the time by hand. */
export interface Clock {
  /** Milliseconds since 1970. Somebody may set this clock: for what is written down or expires at a date. */
  now(): number
  /** Milliseconds of a clock that nobody sets: for how long something takes or may still take. */
  monotonic(): number
  /** Does the work once, after so many milliseconds. */
  after(ms: number, work: () => void): Timer
}

/** The clock and the timers of the process. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, work) {
    const timeout = setTimeout(work, ms)
    const timer: Timer = {
      cancel: () => clearTimeout(timeout),
      unref() {
        timeout.unref()
        return timer
      },
    }
    return timer
  },
}

/** Resolves after so many milliseconds. */
export function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise(resolve => {
    clock.after(ms, resolve)
  })
}
