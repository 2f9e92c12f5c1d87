import { startTimer } from '../base/clock.ts'
import { createDeadline, within } from '../base/deadline.ts'
import type { ScanConclusion, ScanJournal, ScanStart } from '../coverage/scan-journal.ts'
import {
  type Conclude,
  JournalUnavailableError,
  type MfaJournal,
  type MfaProbe,
  type WriteIntent,
} from '../mfa/journal-port.ts'
import type { PolicyIntent, PolicyJournal } from '../policy/policy-journal.ts'
import type { AttendedJournal } from './attend-journal.ts'
import type { AuditKeyring } from './audit-key.ts'
import type { ChainPosition } from './chain.ts'
import type { DurableListener } from './chain-writer.ts'
import type { Journal } from './journal.ts'
import type { AnyIntent } from './journal-events.ts'
import { type OpenJournals, type OpenJournalsOptions, openJournals } from './open-journals.ts'
import { MISSING_SCAN_END } from './parts/scan-records.ts'
import { NO_SEALED_FAULTS, type SealedFaults } from './verify/sealed-faults.ts'

export type BackgroundJournalOptions = Omit<OpenJournalsOptions, 'onDurable'>

/** The longest time that a stop waits for a disk that hangs while the journal is being opened. */
const OPENING_WAIT_MS = 2_000

/**
 * The journal of a process that serves while the journal is still being opened. Until then it records nothing and
 * allows no write. In the background it concludes and follows up the intents that earlier processes left open.
 */
export class BackgroundJournal implements MfaJournal, PolicyJournal, ScanJournal {
  readonly #options: BackgroundJournalOptions
  readonly #stopping = new AbortController()
  #opening: Promise<OpenJournals | null> = Promise.resolve(null)
  #opened: OpenJournals | null = null
  #isOpeningHeldUp = false
  readonly #durableListeners: DurableListener[] = []
  /** The journal of each intent. In the store this process may have lost that chain, and write another. */
  readonly #journals = new WeakMap<AnyIntent, Journal>()

  constructor(options: BackgroundJournalOptions) {
    this.#options = options
  }

  /**
   * Resolves when writes can be made.
   *
   * @throws the errors of `createJournal`
   */
  async open(): Promise<void> {
    this.#opening = this.#open()
    await this.#opening
  }

  refuseUnlessOpen(): void {
    if (!this.#opened?.own) this.#options.events.emit('journalNotOpen', {})
    this.#whenOpen()
  }

  begin(intent: WriteIntent): Promise<Conclude> {
    return this.#report(intent, () => {
      const journal = this.#whenOpen()
      this.#journals.set(intent, journal)
      return journal.begin(intent)
    })
  }

  beginPolicy(intent: PolicyIntent): Promise<Conclude> {
    return this.#report(intent, () => this.#whenOpen().beginPolicy(intent))
  }

  /** Begins a write, and tells of its intent and of its outcome. */
  async #report(intent: AnyIntent, begin: () => Promise<Conclude>): Promise<Conclude> {
    const { events, clock } = this.#options
    const secondsOfIntent = startTimer(clock)
    let isDurable = false
    try {
      const conclude = await begin()
      isDurable = true
      return async (conclusion, deadline) => {
        const secondsOfOutcome = startTimer(clock)
        await conclude(conclusion, deadline)
        const { outcome } = conclusion
        events.emit('journalOutcome', { intent, outcome, seconds: secondsOfOutcome() })
      }
    } finally {
      events.emit('journalIntent', { intent, seconds: secondsOfIntent(), isDurable })
    }
  }

  changeIdOf(intent: WriteIntent): string | null {
    return this.#journals.get(intent)?.changeIdOf(intent) ?? null
  }

  isContested(intent: WriteIntent): boolean {
    // The write was sent, so an answer is due even if the chain of its intent is lost.
    const own = this.#journals.get(intent) ?? this.#whenOpen()
    // A write in doubt of a dead process may make the same state.
    const others = this.#attended.filter(({ journal }) => journal !== own)
    return own.isContested(intent) || others.some(({ journal }) => journal.isAimedAt(intent))
  }

  async recordProbe(probe: MfaProbe): Promise<void> {
    await this.#whenOpen().recordProbe(probe)
    this.#options.events.emit('journalProbe', {})
  }

  async recordScanStart(start: ScanStart): Promise<void> {
    await this.#whenOpen().recordScanStart(start)
  }

  async recordScanEnd(conclusion: ScanConclusion): Promise<void> {
    const opened = await this.#opening.catch(() => null)
    if (opened?.own) return opened.own.recordScanEnd(conclusion)
    this.#options.log.error({ scan: conclusion.scanId }, MISSING_SCAN_END)
  }

  isWritable(): boolean {
    return this.#opened?.own?.isWritable() ?? false
  }

  /** Returns `true` if the journal waits for its disk, or did so when it was closed. */
  isHeldUp(): boolean {
    return this.#isOpeningHeldUp || this.#attended.some(({ journal }) => journal.isHeldUp())
  }

  sealedFaults(): SealedFaults {
    return this.#opened?.own?.sealedFaults() ?? NO_SEALED_FAULTS
  }

  /**
   * Calls `listener` with each group of records that becomes durable, those of the recovery and of follow-ups included.
   * It must be called before `open`.
   */
  onDurable(listener: DurableListener): void {
    this.#durableListeners.push(listener)
  }

  /** Returns the place of the last durable record, or `null` while the journal is being opened. */
  end(): ChainPosition | null {
    return this.#opened?.own?.end() ?? null
  }

  /** Returns the number of writes in doubt that will be looked at again. */
  pendingFollowUps(): number {
    return this.#attended.reduce((sum, attended) => sum + attended.pendingFollowUps(), 0)
  }

  /** Calls `Journal.useKeys` when the journal is open. */
  async useKeys(ring: AuditKeyring): Promise<void> {
    const opened = await this.#opening
    this.#whenOpen()
    await opened?.useKeys(ring)
  }

  /** Calls `Journal.beginSegment` when the journal is open. */
  async beginSegment(): Promise<void> {
    const opened = await this.#opening.catch(() => null)
    await opened?.own?.beginSegment()
  }

  /** Closes the journal, or abandons opening it. */
  async close(): Promise<void> {
    this.#stopping.abort()
    const deadline = createDeadline(OPENING_WAIT_MS, this.#options.clock)
    const opening = this.#opening.catch(() => null)
    const opened = await within(deadline, opening, () => 'HELD_UP' as const)
    if (opened === 'HELD_UP') {
      this.#isOpeningHeldUp = true
      this.#options.log.error('stopped before the audit journal was opened: the disk hangs')
      return
    }
    await opened?.close()
  }

  /** Allows writes only when the users of open intents are locked. */
  async #open(): Promise<OpenJournals> {
    const onDurable: DurableListener = group => {
      for (const listener of this.#durableListeners) listener(group)
    }
    this.#opened = await openJournals({ ...this.#options, onDurable }, this.#stopping.signal)
    return this.#opened
  }

  get #attended(): readonly AttendedJournal[] {
    return this.#opened?.attended ?? []
  }

  #whenOpen(): Journal {
    const own = this.#opened?.own ?? null
    if (own === null) throw new JournalUnavailableError('The audit journal is being opened')
    return own
  }
}
