import type { ScanJournal } from '../coverage/scan-journal.ts'
import type { MfaJournal } from '../mfa/journal-port.ts'
import type { PolicyJournal } from '../policy/policy-journal.ts'
import type { AuditKeyring } from './audit-key.ts'
import type { ChainPosition } from './chain.ts'
import { type ChainStart, type ChainWriter, createChainWriter, type JournalTools } from './chain-writer.ts'
import { createBeginWrite } from './parts/begin-write.ts'
import { JournalLife } from './parts/journal-life.ts'
import { createPolicyChanges, type PolicyChanges } from './parts/policy-changes.ts'
import { createScanRecords } from './parts/scan-records.ts'
import { createUserChanges, type UserChanges, type UserChangesOptions } from './parts/user-changes.ts'
import { toOpenedDraft } from './records/life-drafts.ts'
import { NO_SEALED_FAULTS, type SealedFaults } from './verify/sealed-faults.ts'

/** The audit journal of a running process: JSON lines, each chained to the one before. */
export interface Journal extends MfaJournal, UserChanges, PolicyJournal, PolicyChanges, ScanJournal {
  /**
   * Returns `true` if the next write can be expected to be recorded. It is `false`
   *
   * - until a restart, once an outcome could not be written,
   * - for 10 s after an intent could not be written, because only another attempt shows whether the disk has room
   *   again,
   * - while the disk hangs.
   */
  isWritable(): boolean
  /** See `ChainWriter.onDurable`. */
  readonly onDurable: ChainWriter['onDurable']
  /** Returns the place of the last durable record. */
  end(): ChainPosition
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
  /** Returns `true` if an intent of another chain is to make the same state. It is left out if there is no other. */
  readonly isAimedAtElsewhere?: UserChangesOptions['isAimedAtElsewhere']
}

/** A ring with a new key must also hold the current one. */
export class UnknownAuditKeyError extends Error {
  override readonly name = 'UnknownAuditKeyError'
}

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
  const { isAimedAtElsewhere = () => false } = start
  const { clock, log } = tools
  let ring = startRing
  const writer = createChainWriter(start, tools)
  const life = new JournalLife({ sink, writer, sealedFaults }, tools)
  const parts = { writer, life, beginWrite: createBeginWrite(writer, life, tools), unresolved }
  const users = createUserChanges({ ...parts, ring: () => ring, isAimedAtElsewhere }, tools)
  const policies = createPolicyChanges(parts, tools)

  async function useKeys(nextRing: AuditKeyring): Promise<void> {
    const [next, ...former] = nextRing
    const inForce = writer.keys().id
    if (next.id === inForce) return
    if (!former.some(({ id }) => id === inForce)) throw new UnknownAuditKeyError()
    life.refuseIfStopped()
    await writer.rekey(next)
    ring = nextRing
    log.info({ seq: writer.last().seq }, 'the audit journal goes on under another key')
  }

  await useKeys(startRing)
  await writer.append(toOpenedDraft(cutBytes, clock.now()))
  const openIntents = users.openIntents.length + policies.openPolicyIntents.length
  const counts = { openIntents, inDoubt: users.inDoubt.length }
  log.info({ seq: writer.last().seq, ...counts }, 'audit journal opened')

  return {
    ...users,
    ...policies,
    ...createScanRecords(writer, life, tools),
    refuseUnlessOpen() {},
    onDurable: writer.onDurable,
    end: () => writer.last(),
    isWritable: () => life.isWritable(),
    isHeldUp: () => life.isHeldUp(),
    useKeys: next => life.whileOpen(useKeys(next)),
    async beginSegment() {
      if (!life.isStopped) await life.whileOpen(writer.beginSegment().catch(() => {}))
    },
    sealedFaults: () => sealedFaults,
    fsyncCount: () => sink.syncCount(),
    close: () => life.close(),
  }
}
