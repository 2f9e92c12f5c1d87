/** Runs work in the order in which it was asked for, some of it at the same time. */
export type AtOnce = <T>(work: () => Promise<T>) => Promise<T>

/** At most `max` pieces of work at the same time; the others wait. */
export function limitConcurrency(max: number): AtOnce {
  const waiting: (() => void)[] = []
  let running = 0
  return async work => {
    if (running >= max) await new Promise<void>(resolve => waiting.push(resolve))
    else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running--
      else next()
    }
  }
}
