import { createDeadline, type Deadline, within } from '../base/deadline.ts'
import type { ScanJournal } from '../coverage/scan-journal.ts'
import {
  type Conclude,
  JournalUnavailableError,
  type MfaJournal,
  type WriteConclusion,
} from '../mfa/journal-port.ts'
import type { PolicyJournal } from '../policy/policy-journal.ts'
import type { AuditKeyring } from './audit-key.ts'
import { type ChainStart, createChainWriter, type JournalTools } from './chain-writer.ts'
import type { FollowUpFinding, RecordDraft } from './records.ts'
import { toUnresolvedIntent, type UnresolvedIntent } from './resolve/open-intent.ts'
import type { OpenPolicyIntent } from './resolve/unresolved.ts'
import {
  toFollowUpDraft,
  toIntentDraft,
  toOpenedDraft,
  toOutcomeDraft,
  toPolicyIntentDraft,
  toPolicyOutcomeDraft,
  toProbeDraft,
  toScanEndedDraft,
  toScanStartedDraft,
  toUserOnRecord,
} from './to-record.ts'
import { NO_SEALED_FAULTS, type SealedFaults } from './verify/sealed-faults.ts'

/** The audit journal of a running process: JSON lines, each chained to the one before. */
export interface Journal extends MfaJournal, PolicyJournal, ScanJournal {
  /**
   * Returns `true` if the next write can be expected to be recorded. It is `false`
   *
   * - until a restart, once an outcome could not be written,
   * - for 10 s after an intent could not be written, because only another attempt shows whether the disk has room
   *   again,
   * - while the disk hangs.
   */
  isWritable(): boolean
  /** The intents that earlier processes left without an outcome. `startRecovery` concludes them. */
  readonly openIntents: readonly UnresolvedIntent[]
  /** The intents that earlier processes left with the outcome `UNKNOWN` and an unfinished follow-up. */
  readonly inDoubt: readonly UnresolvedIntent[]
  /** The changes of policies that earlier processes left without an outcome. */
  readonly openPolicyIntents: readonly OpenPolicyIntent[]
  /**
   * Records the outcome of such a change. Nothing follows it up.
   *
   * @throws JournalUnavailableError
   */
  resolvePolicy(intent: Pick<OpenPolicyIntent, 'id'>, outcome: WriteConclusion['outcome']): Promise<void>
  /**
   * Records the outcome of an open intent.
   *
   * @throws JournalUnavailableError
   */
  resolve(intent: Pick<UnresolvedIntent, 'id'>, outcome: WriteConclusion['outcome']): Promise<void>
  /**
   * Records the finding of a follow-up of an intent with the outcome `UNKNOWN`. Nothing follows it up from then on.
   *
   * @param look the number of the look that found it, from 1 on, or 0 if there was none
   * @throws JournalUnavailableError
   */
  followUp(intent: Pick<UnresolvedIntent, 'id'>, look: number, found: FollowUpFinding): Promise<void>
  /**
   * Calls `listener` with each intent whose outcome `UNKNOWN` becomes durable from now on. There can be one listener.
   */
  onInDoubt(listener: (intent: UnresolvedIntent) => void): void
  /**
   * Continues under the first key of the ring. It does nothing if that key is the current one.
   *
   * @throws UnknownAuditKeyError if the ring lacks the current key, because the next start could not read the journal
   * @throws JournalUnavailableError if the change cannot be recorded. The key then stays the same
   */
  useKeys(ring: AuditKeyring): Promise<void>
  /** Returns `true` if the disk hangs, or did when the journal was closed. */
  isHeldUp(): boolean
  /**
   * Seals the open file and continues in a new one without a stop. It does nothing on stdout. It never rejects. A
   * failure is logged, and the journal continues in the same file.
   */
  beginSegment(): Promise<void>
  /**
   * Returns the faults that the verification of the sealed segments has found since the start. It runs in the
   * background.
   */
  sealedFaults(): SealedFaults
  /** Returns how many times the journal was synced to the disk. */
  fsyncCount(): number
  /**
   * Waits for the pending records, then closes the file. No write may begin from then on.
   *
   * @returns `HELD_UP` if the disk hangs. Records may then still be in flight, and the file does not belong to another
   * process yet
   */
  close(): Promise<'CLOSED' | 'HELD_UP'>
}

/** The point at which a journal continues. */
export interface JournalStart extends ChainStart {
  /** Bytes of an unfinished record that were cut off. */
  readonly cutBytes: number
  /** The faults found so far. It is left out for a stream, which has no sealed segments. */
  readonly sealedFaults?: SealedFaults
}

/** A ring with a new key must also hold the current one. */
export class UnknownAuditKeyError extends Error {
  override readonly name = 'UnknownAuditKeyError'
}

export const MISSING_SCAN_END = 'the end of a scan is missing in the audit journal'

type AppendOutcome = (id: string, conclusion: WriteConclusion, durationMs: number | null) => Promise<void>

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

/**
 * Starts a journal and records that start, under the first key of the ring. If the last start was under a former key,
 * the chain is handed over first.
 *
 * @throws JournalUnavailableError if even that cannot be written
 */
export async function startJournal(
  start: JournalStart,
  startRing: AuditKeyring,
  tools: JournalTools,
): Promise<Journal> {
  const { sink, unresolved, cutBytes, sealedFaults = NO_SEALED_FAULTS } = start
  const { clock, log } = tools
  let ring = startRing
  const left = [...unresolved.records.values()].map(record => toUnresolvedIntent(ring, record))
  const openIntents = left.filter(({ unknownSinceMs }) => unknownSinceMs === null)
  const inDoubt = left.filter(({ unknownSinceMs }) => unknownSinceMs !== null)
  const openPolicyIntents = [...unresolved.policies.values()]
  const writer = createChainWriter(start, tools)
  let working = 0
  let onIdle: (() => void)[] = []
  let tellInDoubt = (_intent: UnresolvedIntent) => {}
  /** `true` once an outcome is missing, or the process ends. */
  let isStopped = false
  let isHeldUp = false
  const unrecorded = new Set<{ readonly deadline: Deadline; readonly askedAtMs: number }>()

  function whileOpen<T>(work: Promise<T>): Promise<T> {
    working++
    const done = () => {
      if (--working > 0) return
      for (const resolve of onIdle) resolve()
      onIdle = []
    }
    work.then(done, done)
    return work
  }

  const begin: Journal['begin'] = async intent => {
    refuseIfUnfit()
    return beginWith(toIntentDraft(writer.keys(), intent, clock.now()), appendOutcome)
  }

  const beginPolicy: Journal['beginPolicy'] = async intent => {
    refuseIfUnfit()
    return beginWith(toPolicyIntentDraft(intent, clock.now()), appendPolicyOutcome)
  }

  /** Appends an intent, and returns the function that appends its outcome in the given way. */
  async function beginWith(
    draft: RecordDraft & { readonly id: string },
    append: AppendOutcome,
  ): Promise<Conclude> {
    await writer.append(draft)
    const durableAtMs = clock.monotonic()
    let concluded: Promise<void> | null = null
    const conclude: Conclude = (conclusion, deadline) => {
      concluded ??= whileOpen(
        recordOutcome(
          durationMs => append(draft.id, conclusion, durationMs),
          draft.id,
          Math.round(clock.monotonic() - durableAtMs),
          deadline,
        ),
      )
      return concluded
    }
    if (isStopped) {
      // The journal stopped while this intent waited in line. The intent stays on record, and nothing is
      // sent.
      await conclude({ outcome: 'NOT_APPLIED', failure: 'NOT_ATTEMPTED', upstreamRequestId: null })
      refuseIfStopped()
    }
    return conclude
  }

  function refuseIfStopped(): void {
    if (isStopped) throw new JournalUnavailableError('The audit journal takes no more writes')
  }

  function refuseIfUnfit(): void {
    if (sealedFaults.broken > 0) {
      throw new JournalUnavailableError('A sealed segment of the audit journal is not in order')
    }
    refuseIfStopped()
    if (isHanging()) throw new JournalUnavailableError('The audit journal waits for its disk')
  }

  const appendPolicyOutcome: AppendOutcome = (id, conclusion, durationMs) =>
    writer.append(toPolicyOutcomeDraft(id, conclusion, clock.now(), durationMs))

  async function appendOutcome(id: string, conclusion: WriteConclusion, durationMs: number | null) {
    await writer.append(toOutcomeDraft(id, conclusion, clock.now(), durationMs))
    const inDoubt = unresolved.records.get(id)
    if (inDoubt !== undefined) tellInDoubt(toUnresolvedIntent(ring, inDoubt))
  }

  /** Returns `true` if the disk keeps records waiting, or if the result of a write was sent without its record. */
  function isHanging(): boolean {
    if (writer.inFlightForMs() > HANGS_AFTER_MS) return true
    for (const { deadline, askedAtMs } of unrecorded) {
      if (deadline.remainingMs() <= 0 && clock.monotonic() - askedAtMs > SYNC_MAY_TAKE_MS) return true
    }
    return false
  }

  async function recordOutcome(
    append: (durationMs: number) => Promise<void>,
    id: string,
    durationMs: number,
    deadline: Deadline | undefined,
  ): Promise<void> {
    const waiting = deadline === undefined ? null : { deadline, askedAtMs: clock.monotonic() }
    if (waiting !== null) unrecorded.add(waiting)
    try {
      await append(durationMs)
    } catch {
      isStopped = true
      log.error({ intent: id }, 'an outcome is missing in the audit journal: no more writes until a restart')
    } finally {
      if (waiting !== null) unrecorded.delete(waiting)
    }
  }

  async function useKeys(nextRing: AuditKeyring): Promise<void> {
    const [next, ...former] = nextRing
    const inForce = writer.keys().id
    if (next.id === inForce) return
    if (!former.some(({ id }) => id === inForce)) throw new UnknownAuditKeyError()
    refuseIfStopped()
    await writer.rekey(next)
    ring = nextRing
    log.info({ seq: writer.last().seq }, 'the audit journal goes on under another key')
  }

  const recordProbe: Journal['recordProbe'] = async probe => {
    refuseIfUnfit()
    await writer.append(toProbeDraft(writer.keys(), probe, clock.now()))
  }

  const recordScanStart: Journal['recordScanStart'] = async start => {
    refuseIfUnfit()
    await writer.append(toScanStartedDraft(start, clock.now()))
  }

  const recordScanEnd: Journal['recordScanEnd'] = async conclusion => {
    try {
      await writer.append(toScanEndedDraft(conclusion, clock.now()))
    } catch {
      log.error({ scan: conclusion.scanId }, MISSING_SCAN_END)
    }
  }

  async function untilIdle(): Promise<void> {
    while (working > 0) await new Promise<void>(resolve => onIdle.push(resolve))
  }

  await useKeys(startRing)
  await writer.append(toOpenedDraft(cutBytes, clock.now()))
  const counts = { openIntents: openIntents.length + openPolicyIntents.length, inDoubt: inDoubt.length }
  log.info({ seq: writer.last().seq, ...counts }, 'audit journal opened')

  return {
    begin: intent => whileOpen(begin(intent)),
    beginPolicy: intent => whileOpen(beginPolicy(intent)),
    refuseUnlessOpen() {},
    isContested({ given, genauthId, revisionIntended }) {
      return unresolved.isContested({
        user: toUserOnRecord(writer.keys(), given, genauthId),
        revisionIntended,
      })
    },
    recordProbe: probe => whileOpen(recordProbe(probe)),
    recordScanStart: start => whileOpen(recordScanStart(start)),
    recordScanEnd: conclusion => whileOpen(recordScanEnd(conclusion)),
    openIntents,
    openPolicyIntents,
    resolvePolicy: ({ id }, outcome) =>
      whileOpen(appendPolicyOutcome(id, { outcome, failure: null, upstreamRequestId: null }, null)),
    inDoubt,
    resolve: ({ id }, outcome) => {
      const conclusion = { outcome, failure: null, upstreamRequestId: null }
      return whileOpen(appendOutcome(id, conclusion, null))
    },
    onInDoubt(listener) {
      tellInDoubt = listener
    },
    followUp: ({ id }, look, found) =>
      whileOpen(writer.append(toFollowUpDraft(id, look, found, clock.now()))),
    isWritable() {
      const failedAtMs = writer.failedAtMs()
      const isWaiting = failedAtMs !== null && clock.monotonic() - failedAtMs < RETRY_AFTER_MS
      return sealedFaults.broken === 0 && !isStopped && !sink.isBroken() && !isWaiting && !isHanging()
    },
    isHeldUp: () => isHeldUp || isHanging(),
    useKeys: next => whileOpen(useKeys(next)),
    async beginSegment() {
      if (!isStopped) await whileOpen(writer.beginSegment().catch(() => {}))
    },
    sealedFaults: () => sealedFaults,
    fsyncCount: () => sink.syncCount(),
    async close() {
      isStopped = true
      const closed = untilIdle().then(async () => {
        await sink.close()
        return 'CLOSED' as const
      })
      return within(createDeadline(CLOSE_WAIT_MS, clock), closed, () => {
        isHeldUp = true
        log.error({ records: working }, 'stopped before the disk took all of the audit journal')
        return 'HELD_UP' as const
      })
    },
  }
}
