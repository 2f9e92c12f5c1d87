import type { Clock } from './clock.ts'

/** When a piece of work must be over. Everything that waits for the work asks how long it still may. */
export interface Deadline {
  /** Zero or less: it has passed. */
  readonly remainingMs: () => number
  /** The clock that it goes by. */
  readonly clock: Clock
}

/** A deadline that is `limitMs` from now. */
export function createDeadline(limitMs: number, clock: Clock): Deadline {
  const endsAtMs = clock.monotonic() + limitMs
  return { remainingMs: () => endsAtMs - clock.monotonic(), clock }
}

/** The same deadline, with time left after it for something else. */
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
