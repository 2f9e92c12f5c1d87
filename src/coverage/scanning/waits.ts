import type { Clock } from '../../base/clock.ts'

/** The waits of one piece of work. All of them end when it must stop, and they share one listener of its signal. */
export class Waits {
  readonly #clock: Clock
  readonly #stop: AbortSignal
  readonly #ends = new Set<() => void>()
  readonly #endAll = () => {
    for (const end of this.#ends) end()
  }

  constructor(clock: Clock, stop: AbortSignal) {
    this.#clock = clock
    this.#stop = stop
    stop.addEventListener('abort', this.#endAll)
  }

  /** Resolves after `ms` milliseconds, and earlier if the work must stop. */
  sleep(ms: number): Promise<void> {
    return new Promise(resolve => {
      if (this.#stop.aborted) return resolve()
      const end = () => {
        timer.cancel()
        this.#ends.delete(end)
        resolve()
      }
      const timer = this.#clock.after(ms, end)
      this.#ends.add(end)
    })
  }

  /** Forgets the signal. There must be no wait left. */
  close(): void {
    this.#stop.removeEventListener('abort', this.#endAll)
  }
}
