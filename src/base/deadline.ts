import type { Clock } from './clock.ts'

/** The moment at which a piece of work must be over. Every wait for the work is limited by it. */
export interface Deadline {
  /** Zero or less after the deadline has passed. */
  readonly remainingMs: () => number
  /** The clock that measures this deadline. */
  readonly clock: Clock
}

/** Creates a deadline that is `limitMs` from now. */
export function createDeadline(limitMs: number, clock: Clock): Deadline {
  const endsAtMs = clock.monotonic() + limitMs
  return { remainingMs: () => endsAtMs - clock.monotonic(), clock }
}

/** Returns the same deadline, moved forward by `byMs`, so that time is left for something else. */
export function earlier({ remainingMs, clock }: Deadline, byMs: number): Deadline {
  return { remainingMs: () => remainingMs() - byMs, clock }
}

/** Returns the result of the work, or what `late` returns if the deadline passes first. The work itself goes on. */
export function within<T, L>(deadline: Deadline, work: Promise<T>, late: () => L): Promise<T | L> {
  return new Promise((resolve, reject) => {
    const timer = deadline.clock.after(Math.max(0, deadline.remainingMs()), () => resolve(late()))
    work.then(
      value => {
        timer.cancel()
        resolve(value)
      },
      error => {
        timer.cancel()
        reject(error)
      },
    )
  })
}
