/** The most events that wait for a reader. They are references to shared objects. */
const MAX_WAITING = 1_000

type Reader<T> = (result: IteratorResult<T, undefined>) => void

/**
 * Events for one reader, in their order. A reader that is too far behind gets no more of them: the queue ends, and the
 * reader has to begin anew.
 */
export class EventQueue<T> implements AsyncIterableIterator<T, undefined> {
  readonly #waiting: T[] = []
  readonly #onEnd: () => void
  #reader: Reader<T> | null = null
  #hasEnded = false

  /** @param onEnd called a single time, when no more events are wanted */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd
  }

  push(event: T): void {
    if (this.#hasEnded) return
    const reader = this.#reader
    this.#reader = null
    if (reader !== null) reader({ done: false, value: event })
    else if (this.#waiting.length < MAX_WAITING) this.#waiting.push(event)
    else this.#stop()
  }

  /** Lets the reader read what waits, and then ends. */
  finish(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#onEnd()
    this.#reader?.({ done: true, value: undefined })
    this.#reader = null
  }

  /** The queue has one reader, which asks for one event after the other. */
  async next(): Promise<IteratorResult<T, undefined>> {
    const [event] = this.#waiting.splice(0, 1)
    if (event !== undefined) return { done: false, value: event }
    if (this.#hasEnded) return { done: true, value: undefined }
    return new Promise(resolve => {
      this.#reader = resolve
    })
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#stop()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #stop(): void {
    this.#waiting.length = 0
    this.finish()
  }
}
