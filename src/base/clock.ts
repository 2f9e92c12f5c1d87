/** Work that a clock does later. */
export interface Timer {
  /** Cancels the work, unless it has begun. */
  cancel(): void
  /** Lets the process end before the work is done. */
  unref(): Timer
}

/** Every part that reads the time or waits uses a clock, so that a test can turn the time by hand. */
export interface Clock {
  /**
   * Milliseconds since 1970. Somebody may set this clock. Use it for records and for anything that expires at a date.
   */
  now(): number
  /** Milliseconds of a clock that nobody sets. Use it for durations and waits. */
  monotonic(): number
  /** Does the work once, after `ms` milliseconds. */
  after(ms: number, work: () => void): Timer
}

/** The clock and the timers of the process. Both times are read without a function between, some 50 times a request. */
export const systemClock: Clock = {
  now: Date.now,
  monotonic: performance.now.bind(performance),
  after: (ms, work) => new ProcessTimer(setTimeout(work, ms)),
}

class ProcessTimer implements Timer {
  readonly #timeout: NodeJS.Timeout

  constructor(timeout: NodeJS.Timeout) {
    this.#timeout = timeout
  }

  cancel() {
    clearTimeout(this.#timeout)
  }

  unref() {
    this.#timeout.unref()
    return this
  }
}

/** Does the work every `ms` milliseconds, until it is cancelled. */
export function every(clock: Clock, ms: number, work: () => void): Timer {
  let isUnref = false
  let next = wait()
  function wait(): Timer {
    const timer = clock.after(ms, () => {
      next = wait()
      work()
    })
    return isUnref ? timer.unref() : timer
  }
  const repeated: Timer = {
    cancel: () => next.cancel(),
    unref() {
      isUnref = true
      next.unref()
      return repeated
    },
  }
  return repeated
}

/** Resolves after `ms` milliseconds. */
export function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise(resolve => {
    clock.after(ms, resolve)
  })
}

/** @returns the seconds since it was called */
export function startTimer(clock: Clock): () => number {
  const startedAtMs = clock.monotonic()
  return () => (clock.monotonic() - startedAtMs) / 1_000
}
