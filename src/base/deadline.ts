/** When a piece of work must be over. Everything that waits for its sake asks how long it still may. */
export interface Deadline {
  /** Zero or less: it has passed. */
  readonly remainingMs: () => number
}

/** A deadline so long from now, by a clock that nobody sets. */
export function createDeadline(limitMs: number, now: () => number = () => performance.now()): Deadline {
  const endsAtMs = now() + limitMs
  return { remainingMs: () => endsAtMs - now() }
}

/** The same deadline, with time left after it for something else. */
export function earlier({ remainingMs }: Deadline, byMs: number): Deadline {
  return { remainingMs: () => remainingMs() - byMs }
}

/** What the work comes to, or what `late` says if the deadline passes first. The work itself goes on. */
export function within<T, L>(deadline: Deadline, work: Promise<T>, late: () => L): Promise<T | L> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(late()), Math.max(0, deadline.remainingMs()))
    work.then(
      value => {
        clearTimeout(timer)
        resolve(value)
      },
      error => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })
}
