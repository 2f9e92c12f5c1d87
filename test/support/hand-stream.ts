/** Events that a test sends by hand, to one reader. */
export interface HandStream<T> extends AsyncIterable<T, undefined> {
  send(event: T): void
  /** Resolves when the reader wants no more. */
  readonly ended: Promise<void>
  /** How many events the reader has asked for. */
  readonly asked: number
}

export function createHandStream<T>(): HandStream<T> {
  const unread: T[] = []
  const readers: ((result: IteratorResult<T, undefined>) => void)[] = []
  const DONE: IteratorResult<T, undefined> = { done: true, value: undefined }
  const { promise: ended, resolve: end } = withResolvers()
  let asked = 0
  return {
    send(event) {
      const reader = readers.shift()
      if (reader === undefined) unread.push(event)
      else reader({ done: false, value: event })
    },
    ended,
    get asked() {
      return asked
    },
    [Symbol.asyncIterator]: () => ({
      next() {
        asked++
        const [event] = unread.splice(0, 1)
        if (event !== undefined) return Promise.resolve({ done: false, value: event })
        return new Promise(resolve => readers.push(resolve))
      },
      async return() {
        for (const reader of readers) reader(DONE)
        end()
        return DONE
      },
    }),
  }
}

function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>(settle => {
    resolve = settle
  })
  return { promise, resolve }
}
