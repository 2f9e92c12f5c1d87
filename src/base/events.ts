/** Emits the events of a part. `M` names the part's events, each with its payload. */
export interface Emitter<M> {
  /** Calls the listeners before it returns. */
  emit<N extends keyof M>(name: N, payload: M[N]): void
  /** Returns `true` if there is a listener, for payloads that take work to make. */
  isHeard(name: keyof M): boolean
}

type Listener<P> = (payload: P) => void

/**
 * Carries the events of a running process to telemetry and other listeners. A listener must not throw, and must not
 * wait.
 */
export class Events<M> implements Emitter<M> {
  readonly #listeners: { [N in keyof M]?: Listener<M[N]>[] } = {}

  on<N extends keyof M>(name: N, listener: Listener<M[N]>): void {
    const listeners = this.#listeners[name] ?? []
    listeners.push(listener)
    this.#listeners[name] = listeners
  }

  emit<N extends keyof M>(name: N, payload: M[N]): void {
    for (const listener of this.#listeners[name] ?? []) listener(payload)
  }

  isHeard(name: keyof M): boolean {
    return this.#listeners[name] !== undefined
  }
}
