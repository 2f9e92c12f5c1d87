import type { LiveChange } from './live-change.ts'

/** Called with each change. It must not throw, and must not wait. */
export type ChangeListener = (change: LiveChange) => void

/** Carries changes from those who make them to those who show them. */
export class ChangeFeed {
  readonly #listeners = new Set<ChangeListener>()
  #onPublished: ChangeListener = () => {}

  /** Tells of a change of this process. It calls every listener before it returns. */
  publish(change: LiveChange): void {
    this.receive(change)
    this.#onPublished(change)
  }

  /** Tells the listeners of a change of another replica. */
  receive(change: LiveChange): void {
    for (const listener of this.#listeners) listener(change)
  }

  /** Calls `listener` with the changes of this process alone. There can be one listener. */
  onPublished(listener: ChangeListener): void {
    this.#onPublished = listener
  }

  /** @returns the function that ends the subscription. It may be called twice */
  subscribe(listener: ChangeListener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}
