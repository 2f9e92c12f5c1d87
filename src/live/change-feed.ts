import type { LiveChange } from './live-change.ts'

/** Called with each change. It must not throw, and must not wait. */
export type ChangeListener = (change: LiveChange) => void

/** Carries changes from those who make them to those who show them, within this process. */
export class ChangeFeed {
  readonly #listeners = new Set<ChangeListener>()

  /** Calls every listener before it returns. */
  publish(change: LiveChange): void {
    for (const listener of this.#listeners) listener(change)
  }

  /** @returns the function that ends the subscription. It may be called twice */
  subscribe(listener: ChangeListener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}
