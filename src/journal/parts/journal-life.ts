import { createDeadline, type Deadline, within } from '../../base/deadline.ts'
import { JournalUnavailableError } from '../../mfa/journal-port.ts'
import type { ChainWriter, JournalTools } from '../chain-writer.ts'
import type { Sink } from '../sink.ts'
import type { SealedFaults } from '../verify/sealed-faults.ts'

export interface JournalLifeOptions {
  readonly sink: Sink
  readonly writer: Pick<ChainWriter, 'failedAtMs' | 'inFlightForMs'>
  readonly sealedFaults: SealedFaults
}

const RETRY_AFTER_MS = 10_000
/** Far beyond the slowest sync of a disk that works. */
const HANGS_AFTER_MS = 2_000
/**
 * The least time that an outcome may take, even after a shorter deadline. Callers choose deadlines, and the impatience
 * of one must not stop the changes of all others for the time of a sync.
 */
const SYNC_MAY_TAKE_MS = 500
/** The longest time that a stop waits for a disk that hangs. */
const CLOSE_WAIT_MS = 2_000

/** Knows whether a journal takes records, and ends it after the last of them. */
export class JournalLife {
  readonly #options: JournalLifeOptions
  readonly #tools: JournalTools
  /** In the order in which they began. */
  readonly #unrecorded = new Set<{ readonly deadline: Deadline; readonly begunAtMs: number }>()
  #working = 0
  readonly #onIdle: (() => void)[] = []
  /** `true` once an outcome is missing, or the process ends. */
  #isStopped = false
  #isHeldUp = false

  constructor(options: JournalLifeOptions, tools: JournalTools) {
    this.#options = options
    this.#tools = tools
  }

  get isStopped(): boolean {
    return this.#isStopped
  }

  /** The end of the journal waits for this work. The journal hangs if it takes longer than the deadline. */
  async whileOpen<T>(work: Promise<T>, deadline?: Deadline): Promise<T> {
    const unrecorded = deadline && { deadline, begunAtMs: this.#tools.clock.monotonic() }
    if (unrecorded) this.#unrecorded.add(unrecorded)
    this.#working++
    try {
      return await work
    } finally {
      if (unrecorded) this.#unrecorded.delete(unrecorded)
      this.#working--
      if (this.#working === 0) for (const resolve of this.#onIdle.splice(0)) resolve()
    }
  }

  /** No write begins any more. */
  stop(): void {
    this.#isStopped = true
  }

  /** @throws JournalUnavailableError if the journal has stopped */
  refuseIfStopped(): void {
    if (this.#isStopped) throw new JournalUnavailableError('The audit journal takes no more writes')
  }

  /** @throws JournalUnavailableError if no write may begin now */
  refuseIfUnfit(): void {
    if (this.#options.sealedFaults.broken > 0) {
      throw new JournalUnavailableError('A sealed segment of the audit journal is not in order')
    }
    this.refuseIfStopped()
    if (this.#isHanging()) throw new JournalUnavailableError('The audit journal waits for its disk')
  }

  /** See `Journal.isWritable`. */
  isWritable(): boolean {
    const { sink, writer, sealedFaults } = this.#options
    const failedAtMs = writer.failedAtMs()
    const isWaiting = failedAtMs !== null && this.#tools.clock.monotonic() - failedAtMs < RETRY_AFTER_MS
    return (
      sealedFaults.broken === 0 && !this.#isStopped && !sink.isBroken() && !isWaiting && !this.#isHanging()
    )
  }

  isHeldUp(): boolean {
    return this.#isHeldUp || this.#isHanging()
  }

  /** See `Journal.close`. */
  close(): Promise<'CLOSED' | 'HELD_UP'> {
    const { clock, log } = this.#tools
    this.stop()
    const closed = this.#untilIdle().then(async () => {
      await this.#options.sink.close()
      return 'CLOSED' as const
    })
    return within(createDeadline(CLOSE_WAIT_MS, clock), closed, () => {
      this.#isHeldUp = true
      this.#options.sink.giveUp()
      log.error({ records: this.#working }, 'stopped before the disk took all of the audit journal')
      return 'HELD_UP' as const
    })
  }

  async #untilIdle(): Promise<void> {
    while (this.#working > 0) await new Promise<void>(resolve => this.#onIdle.push(resolve))
  }

  /** Returns `true` if the disk keeps records waiting, or if the result of a write was sent without its record. */
  #isHanging(): boolean {
    if (this.#options.writer.inFlightForMs() > HANGS_AFTER_MS) return true
    const slowSinceMs = this.#tools.clock.monotonic() - SYNC_MAY_TAKE_MS
    for (const { deadline, begunAtMs } of this.#unrecorded) {
      if (begunAtMs >= slowSinceMs) return false
      if (deadline.remainingMs() <= 0) return true
    }
    return false
  }
}
