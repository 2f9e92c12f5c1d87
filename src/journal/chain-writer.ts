import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Clock } from '../base/clock.ts'
import { toErrorCode } from '../base/system-error-code.ts'
import { JournalUnavailableError } from '../mfa/journal-port.ts'
import type { AuditKeys } from './audit-key.ts'
import { type ChainPosition, chainRecord } from './chain.ts'
import { createGroupCommit } from './group-commit.ts'
import type { RecordDraft } from './records.ts'
import type { Unresolved } from './resolve/unresolved.ts'
import type { Segments, Sink } from './sink.ts'
import { toCheckpointDrafts, toRekeyedDraft } from './to-record.ts'

export interface JournalTools {
  readonly clock: Clock
  readonly log: Logger
}

/** The one writer of a journal. */
export interface ChainWriter {
  /**
   * Resolves when the record is as safe as the sink makes it.
   *
   * @throws JournalUnavailableError when it is not there
   */
  append(draft: RecordDraft): Promise<void>
  /**
   * Puts whatever is appended from now on under another key, behind a record that says so.
   *
   * @throws JournalUnavailableError when that is not there; the key stays the one before
   */
  rekey(next: AuditKeys): Promise<void>
  /**
   * Goes on in a new file, behind whatever was appended before. Nothing happens on a stream, or where the open file
   * has nothing but its head. Never rejects: what keeps it from that is in the log, and it goes on in the file before.
   */
  beginSegment(): Promise<void>
  /** Those in force. */
  keys(): AuditKeys
  last(): ChainPosition
  /** When the last group failed, by the monotonic clock. `null` if it did not. */
  failedAtMs(): number | null
  /** For how many milliseconds the group that is being written has been under way. 0 if none is. */
  underWayForMs(): number
}

interface RecordItem {
  readonly draft: RecordDraft
  /** What the records after this one are under. Null: the same. */
  readonly keysAfter: AuditKeys | null
}

type Item = RecordItem | 'NEW_SEGMENT'

/** A file that could not be sealed grows on, and is tried again so much later. */
const SEGMENT_RETRY_MS = 60_000

/** Where a chain is continued. */
export interface ChainStart {
  readonly sink: Sink
  readonly last: ChainPosition
  /** What the next record is under, as the last one says. */
  readonly keys: AuditKeys
  /** What the records before leave unresolved. Goes on with what is appended. */
  readonly unresolved: Unresolved
}

/** Chains records behind `start` in groups. A group that fails takes no place in the chain. */
export function createChainWriter(start: ChainStart, { clock, log }: JournalTools): ChainWriter {
  const { sink, unresolved } = start
  const run = randomUUID()
  let last = start.last
  let keys = start.keys
  let failedAtMs: number | null = null
  let begunAtMs: number | null = null
  let segmentRefusedAtMs: number | null = null

  const commit = createGroupCommit<Item>(async items => {
    const isAsked = items.includes('NEW_SEGMENT')
    const records = items.filter(item => item !== 'NEW_SEGMENT')
    begunAtMs = clock.monotonic()
    try {
      if (sink.segments !== null && (isAsked || isSegmentDue(sink.segments)))
        await startSegment(sink.segments)
      if (records.length > 0) await write(records)
    } finally {
      begunAtMs = null
    }
  })

  async function write(items: readonly RecordItem[]): Promise<void> {
    let end = last
    let endKeys = keys
    let lines = ''
    for (const { draft, keysAfter } of items) {
      const { line, position } = chainRecord(endKeys.chain, end, draft, run)
      lines += `${line}\n`
      end = position
      endKeys = keysAfter ?? endKeys
    }
    try {
      await sink.append(lines)
    } catch (error) {
      failedAtMs = clock.monotonic()
      log.error({ cause: toErrorCode(error), records: items.length }, 'the audit journal cannot be written')
      throw error
    }
    for (const [index, { draft }] of items.entries()) unresolved.note(draft, last.seq + index + 1)
    last = end
    keys = endKeys
    failedAtMs = null
  }

  function isSegmentDue({ isFull }: Segments): boolean {
    return (
      isFull && (segmentRefusedAtMs === null || clock.monotonic() - segmentRefusedAtMs >= SEGMENT_RETRY_MS)
    )
  }

  async function startSegment(segments: Segments): Promise<void> {
    if (segments.isEmpty) return
    const sealed = segments.number
    let end = last
    let head = ''
    for (const draft of toCheckpointDrafts(sealed + 1, keys, [...unresolved.records.values()], clock.now())) {
      const { line, position } = chainRecord(keys.chain, end, draft, run)
      head += `${line}\n`
      end = position
    }
    try {
      await segments.begin(head)
      last = end
      segmentRefusedAtMs = null
      log.info({ sealed, seq: last.seq }, 'the audit journal goes on in a new segment')
    } catch (error) {
      segmentRefusedAtMs = clock.monotonic()
      const text = 'a segment of the audit journal cannot be sealed: it goes on in the same file'
      log.error({ cause: toErrorCode(error), segment: sealed }, text)
    }
  }

  async function append(draft: RecordDraft, keysAfter: AuditKeys | null): Promise<void> {
    try {
      await commit({ draft, keysAfter })
    } catch (error) {
      throw new JournalUnavailableError('The audit journal cannot be written', { cause: error })
    }
  }

  return {
    append: draft => append(draft, null),
    rekey: next => append(toRekeyedDraft(next, clock.now()), next),
    beginSegment: () => commit('NEW_SEGMENT'),
    keys: () => keys,
    last: () => last,
    failedAtMs: () => failedAtMs,
    underWayForMs: () => (begunAtMs === null ? 0 : clock.monotonic() - begunAtMs),
  }
}
