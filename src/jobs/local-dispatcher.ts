import type { Clock } from '../base/clock.ts'
import { createDeadline, within } from '../base/deadline.ts'
import { sleepUnlessAborted } from '../base/sleep-unless-aborted.ts'
import { MAX_KEPT_SCANS, type Scan } from '../coverage/scan.ts'
import type { ScanStore } from '../coverage/scan-store.ts'
import { CronTimer } from './cron-timer.ts'
import type { Dispatcher, Nightly } from './dispatcher.ts'
import { pickScan } from './pick-scan.ts'
import type { RunToEnd } from './run-to-end.ts'

export interface LocalDispatcherOptions {
  readonly runToEnd: RunToEnd
  readonly scans: Pick<ScanStore, 'due' | 'removeAllBut'>
  /** `null` if no scan starts by itself. */
  readonly nightly: Nightly | null
  readonly clock: Clock
}

/** The wait before the next look at a store that cannot be used, or that names a scan which cannot run here. */
const RETRY_MS = 5_000
/** Nobody else creates scans, so this is for wonders alone. */
const LOOK_EVERY_MS = 30_000
const CLOSE_WAIT_MS = 2_000

/** Runs the scans of a store that belongs to this process alone. */
export class LocalDispatcher implements Dispatcher {
  readonly #options: LocalDispatcherOptions
  readonly #working: Promise<void>
  readonly #timer: CronTimer | null
  #running: { readonly scanId: string; readonly stop: AbortController } | null = null
  /** Aborted to end the wait for the next look. */
  #sleep = new AbortController()
  #closing: Promise<void> | null = null
  #isClosed = false

  constructor(options: LocalDispatcherOptions) {
    this.#options = options
    this.#working = this.#work()
    const { nightly, clock } = options
    this.#timer = nightly && new CronTimer(nightly.schedule, clock, () => void nightly.start())
  }

  noteCreated(): void {
    this.#sleep.abort()
  }

  noteCancelled(scanId: string): void {
    if (this.#running?.scanId === scanId) this.#running.stop.abort()
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#isClosed = true
    this.#timer?.close()
    this.#running?.stop.abort()
    this.#sleep.abort()
    await within(createDeadline(CLOSE_WAIT_MS, this.#options.clock), this.#working, () => {})
  }

  async #work(): Promise<void> {
    const { scans, clock } = this.#options
    while (!this.#isClosed) {
      // A scan that is created from here on ends the wait below.
      this.#sleep = new AbortController()
      const due = await scans.due().catch(() => null)
      if (this.#isClosed) return
      const next = due === null ? null : pickScan(due)
      const isDone = next !== null && (await this.#run(next))
      if (isDone) await scans.removeAllBut(MAX_KEPT_SCANS).catch(() => {})
      else await sleepUnlessAborted(clock, due?.length === 0 ? LOOK_EVERY_MS : RETRY_MS, this.#sleep.signal)
    }
  }

  /** @returns `false` if the scan is due still */
  async #run({ id }: Scan): Promise<boolean> {
    const stop = new AbortController()
    this.#running = { scanId: id, stop }
    const end = await this.#options.runToEnd(id, stop.signal)
    this.#running = null
    return end === 'OVER' || (end === 'STOPPED' && stop.signal.aborted)
  }
}
