// An old Node reads this file, too, so it uses no newer syntax.

export type StopSignal = 'SIGINT' | 'SIGTERM'

const STOP_SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM']
/** The exit codes that a shell gives. */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

/**
 * Listens to the signals of the process from its first moment on. It keeps a signal that arrives before anything waits
 * for it.
 *
 * The first SIGINT or SIGTERM asks for a stop in order. A second one ends the process immediately with exit code 1.
 */
export class Signals {
  private readonly stopping = new AbortController()
  private readonly end: (code: number) => void
  private received: StopSignal | null = null
  private hasHungUp = false
  private hangUp: (() => void) | null = null

  /** @param end ends the process with an exit code, without waiting for anything */
  constructor(program: Pick<NodeJS.Process, 'on'>, end: (code: number) => void) {
    this.end = end
    for (const signal of STOP_SIGNALS) program.on(signal, () => this.onStop(signal))
    program.on('SIGHUP', () => this.onHangUp())
  }

  /** Aborted by the first SIGINT or SIGTERM. */
  get stop(): AbortSignal {
    return this.stopping.signal
  }

  /** The signal that asked for a stop, or `null` if none did. */
  get stopSignal(): StopSignal | null {
    return this.received
  }

  /** Resolves when a signal asks for a stop, or immediately if one already did. */
  stopped(): Promise<StopSignal> {
    return new Promise(resolve => {
      const tell = () => this.received !== null && resolve(this.received)
      if (this.received === null) this.stop.addEventListener('abort', tell, { once: true })
      else tell()
    })
  }

  /** Calls `listener` on each SIGHUP from now on. If one arrived before, calls it now. */
  handleHangUps(listener: () => void): void {
    this.hangUp = listener
    if (this.hasHungUp) listener()
    this.hasHungUp = false
  }

  /** From now on each signal ends the process immediately, with the exit code that a shell gives it. */
  endOnAny(): void {
    const end = (signal: StopSignal | 'SIGHUP') => this.end(EXIT_CODES[signal])
    this.handleHangUps(() => end('SIGHUP'))
    void this.stopped().then(end)
  }

  private onStop(signal: StopSignal): void {
    if (this.received === null) {
      this.received = signal
      this.stopping.abort()
    } else this.end(1)
  }

  private onHangUp(): void {
    if (this.hangUp === null) this.hasHungUp = true
    else this.hangUp()
  }
}
