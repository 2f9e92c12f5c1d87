import type { Logger } from 'pino'
import type { Clock, Timer } from '../base/clock.ts'
import { createDeadline, within } from '../base/deadline.ts'
import { StoreUnavailableError } from '../base/store-unavailable-error.ts'
import { toErrorCode } from '../base/system-error-code.ts'
import type { ChangeEntry } from './change-entry.ts'
import type { ChainMark, ChangeIndex } from './change-index.ts'
import type { ChangeReader } from './change-reader.ts'

/** Records that became durable together. */
export interface DurableChanges {
  /** Is called when they are written, so that whoever waits for the records does not wait for this. */
  readonly toEntries: () => readonly ChangeEntry[]
  /** The last record. */
  readonly end: Omit<ChainMark, 'chain'>
}

export interface ChainIndexerOptions {
  readonly index: Pick<ChangeIndex, 'add' | 'marks'>
  readonly clock: Clock
  readonly log: Logger
}

interface Waiting extends DurableChanges {
  readonly takenAtMs: number
}

/** Changes of this time share a transaction, because a file blocks the event loop for each. */
const GROUP_MS = 100
const RETRY_MS = 2_000
/** A reader waits this long for the changes on their way. */
const SETTLE_MS = 1_000
/** Far more than a store loses in minutes. Beyond it the journal is read again. */
const MAX_WAITING = 10_000
const WRITTEN_TOGETHER = 100

/**
 * Brings the changes of one chain into the index, in the background and in order. Nobody waits for it, and it never
 * fails anybody. What it could not write stays in line, or is read again from the journal.
 */
export class ChainIndexer {
  readonly #options: ChainIndexerOptions
  readonly #stopping = new AbortController()
  readonly #waiting: Waiting[] = []
  /** `null` for a journal that cannot be read again. */
  #reader: ChangeReader | null = null
  #isStarted = false
  /** `true` until the journal was read. */
  #mustRead = true
  /** `true` if changes are missing that will not follow by themselves. */
  #hasGap = false
  /** How many times all in line was dropped, to be read from the journal. */
  #drops = 0
  #isFailing = false
  /** Names the chain in the index. Without a name no mark is set. */
  #chain: string | null = null
  #timer: Timer | null = null
  #working: Promise<void> | null = null

  constructor(options: ChainIndexerOptions) {
    this.#options = options
  }

  /** Takes records as soon as they are durable. */
  take(changes: DurableChanges): void {
    if (this.#waiting.length >= MAX_WAITING) this.#overflow()
    this.#waiting.push({ ...changes, takenAtMs: this.#options.clock.monotonic() })
    this.#workLater()
  }

  /** Begins to write, when the journal is open. */
  start(reader: ChangeReader | null): void {
    this.#reader = reader
    this.#mustRead = reader !== null
    this.#isStarted = true
    void this.#work()
  }

  /** Returns `true` if records are known that are not in the index, other than those of this moment. */
  isBehind(): boolean {
    return !this.#isStarted || this.#mustRead || this.#hasGap || this.#isFailing
  }

  /** Returns how long the oldest record waits, in milliseconds, or 0 if none does. */
  waitingForMs(): number {
    const [oldest] = this.#waiting
    return oldest === undefined ? 0 : this.#options.clock.monotonic() - oldest.takenAtMs
  }

  /** Returns `true` when all records taken so far are in the index, or `false` if that takes too long or fails. */
  async settle(): Promise<boolean> {
    const last = this.#waiting.at(-1)
    const deadline = createDeadline(SETTLE_MS, this.#options.clock)
    const isLeft = () => this.#mustRead || (last !== undefined && this.#waiting.includes(last))
    const isHopeful = () => this.#isStarted && !this.#isFailing && !this.#stopping.signal.aborted
    while (isHopeful() && isLeft()) {
      await within(deadline, this.#work(), () => {})
      if (deadline.remainingMs() <= 0) return false
    }
    return !this.isBehind()
  }

  /** Writes what is left, unless that takes long or fails. The next start reads it from the journal. */
  async close(): Promise<void> {
    const deadline = createDeadline(SETTLE_MS, this.#options.clock)
    while (this.#isStarted && !this.#isDone() && deadline.remainingMs() > 0) {
      await within(deadline, this.#work(), () => {})
      if (this.#isFailing) break
    }
    this.#timer?.cancel()
    this.#stopping.abort()
  }

  #overflow(): void {
    if (this.#reader !== null) {
      this.#waiting.length = 0
      this.#mustRead = true
      this.#drops++
      return
    }
    this.#waiting.shift()
    if (this.#hasGap) return
    this.#hasGap = true
    this.#options.log.error(
      'changes are missing in the history: read the lines of the journal in with history-index',
    )
  }

  #workLater(): void {
    if (!this.#isStarted || this.#working !== null || this.#timer !== null) return
    const ms = this.#isFailing ? RETRY_MS : GROUP_MS
    this.#timer = this.#options.clock.after(ms, () => void this.#work()).unref()
  }

  #isDone(): boolean {
    return this.#waiting.length === 0 && !this.#mustRead
  }

  #work(): Promise<void> {
    this.#timer?.cancel()
    this.#timer = null
    this.#working ??= this.#writeAll().finally(() => {
      this.#working = null
      if (!this.#isDone() && !this.#stopping.signal.aborted) this.#workLater()
    })
    return this.#working
  }

  async #writeAll(): Promise<void> {
    try {
      if (this.#mustRead) await this.#readAgain()
      for (let left = this.#waiting.length; left > 0; left -= WRITTEN_TOGETHER) await this.#writeSome()
      this.#noteFault(null)
    } catch (error) {
      if (!this.#stopping.signal.aborted) this.#noteFault(error)
    }
  }

  async #readAgain(): Promise<void> {
    const { index, log } = this.#options
    if (this.#reader === null) return
    const drops = this.#drops
    let entries = 0
    const take: Parameters<ChangeReader['readBehind']>[1] = async batch => {
      await index.add(batch)
      entries += batch.entries.length
    }
    const read = await this.#reader.readBehind(await index.marks(), take, this.#stopping.signal)
    this.#chain = read.isWhole ? read.chain : null
    this.#hasGap = !read.isWhole
    this.#mustRead = this.#drops > drops
    if (entries > 0) log.info({ records: entries }, 'the history has caught up with the journal')
    if (this.#hasGap) log.error('changes are missing in the history: a part of the journal cannot be read')
  }

  async #writeSome(): Promise<void> {
    const some = this.#waiting.slice(0, WRITTEN_TOGETHER)
    const last = some.at(-1)
    if (last === undefined) return
    const mark = this.#chain === null ? null : { chain: this.#chain, ...last.end }
    await this.#options.index.add({ entries: some.flatMap(({ toEntries }) => [...toEntries()]), mark })
    // They stay in line until they are written. More may have come, or all may have been dropped.
    if (this.#waiting[0] === some[0]) this.#waiting.splice(0, some.length)
  }

  /** Logs each change once. */
  #noteFault(error: unknown): void {
    const isFailing = error !== null
    if (isFailing === this.#isFailing) return
    this.#isFailing = isFailing
    const { log } = this.#options
    if (isFailing) {
      const fault = error instanceof StoreUnavailableError ? error.fault : toErrorCode(error)
      log.error({ fault }, 'changes cannot be written to the history: they follow when it works again')
    } else log.info('changes are written to the history again')
  }
}
