/** Says what happens, to whoever listens. A part is given one, and names its events in `M`: their payloads by name. */
export interface Emitter<M> {
  /** Tells those who listen, before it returns. */
  emit<N extends keyof M>(name: N, payload: M[N]): void
  /** Whether somebody listens, for payloads that cost something to make. */
  isHeard(name: keyof M): boolean
}

type Listener<P> = (payload: P) => void

/** Facts of a running process by name, for telemetry and others who listen. A listener must not throw, and must not wait. */
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
