/** Runs pieces of work in the order of the calls, some of them at the same time. */
export type ConcurrencyLimit = <T>(work: () => Promise<T>) => Promise<T>

/** Runs at most `max` pieces of work at the same time. The others wait. */
export function limitConcurrency(max: number): ConcurrencyLimit {
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
