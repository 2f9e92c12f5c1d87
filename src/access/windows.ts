import type { Clock } from '../base/clock.ts'

/** A time in which something is counted for one key. */
interface Window {
  /** When it ends, by the monotonic clock. */
  readonly endsAtMs: number
}

/** The windows of all keys for which something was counted lately. */
export class Windows<W extends Window> {
  readonly #byKey = new Map<string, W>()
  readonly #lengthMs: number
  readonly #now: Clock['monotonic']
  #sweptAtMs: number

  /** @param lengthMs the longest window */
  constructor(lengthMs: number, { monotonic }: Pick<Clock, 'monotonic'>) {
    this.#lengthMs = lengthMs
    this.#now = monotonic
    this.#sweptAtMs = monotonic()
  }

  /** Returns the window that runs now, or `null` if there is none. */
  find(key: string): W | null {
    const window = this.#byKey.get(key)
    return window !== undefined && window.endsAtMs > this.#now() ? window : null
  }

  /** Begins a window, in the place of one that the key may have. */
  begin(key: string, window: W): void {
    this.#sweep()
    this.#byKey.set(key, window)
  }

  forget(key: string): void {
    this.#byKey.delete(key)
  }

  /** Forgets ended windows. It runs once in a window, so that each key is visited once for each of its windows. */
  #sweep(): void {
    const nowMs = this.#now()
    if (nowMs - this.#sweptAtMs < this.#lengthMs) return
    this.#sweptAtMs = nowMs
    for (const [key, { endsAtMs }] of this.#byKey) if (endsAtMs <= nowMs) this.#byKey.delete(key)
  }
}
