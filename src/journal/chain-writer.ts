import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Clock } from '../base/clock.ts'
import { toErrorCode } from '../base/system-error-code.ts'
import { JournalUnavailableError } from '../mfa/journal-port.ts'
import type { AuditKeys } from './audit-key.ts'
import { type ChainPosition, chainRecord } from './chain.ts'
import { createGroupCommit } from './group-commit.ts'
import type { RecordDraft } from './records/journal-record.ts'
import { toCheckpointDrafts, toRekeyedDraft } from './records/life-drafts.ts'
import type { IntentFacts, OpenPolicyIntent, Unresolved } from './resolve/unresolved.ts'
import type { Segments, Sink } from './sink.ts'

export interface JournalTools {
  readonly clock: Clock
  readonly log: Logger
}

/** A record that is on the disk, with the intent that it is about. */
export interface DurableRecord {
  readonly draft: RecordDraft
  /** The facts of the intent of an outcome or of a follow-up. `null` for every other record. */
  readonly about: IntentFacts | OpenPolicyIntent | null
}

/** Records that became durable together, in order. */
export interface DurableGroup {
  /** Empty for a chain of the store that was taken over, whose records so far may have been told to nobody. */
  readonly records: readonly DurableRecord[]
  /** The place of the last one. */
  readonly end: ChainPosition
  /** The chain in the store. `null` for a file and for stdout. */
  readonly chainId: string | null
  /** Names the writer. A chain that is taken over gets another one, and others may have written to it in between. */
  readonly source: symbol
}

/** It must not throw, and must not wait. */
export type DurableListener = (group: DurableGroup) => void

/** The only writer of a journal. */
export interface ChainWriter {
  /**
   * Resolves when the record is as safe as the sink makes it.
   *
   * @throws JournalUnavailableError if the record was not written
   */
  append(draft: RecordDraft): Promise<void>
  /**
   * Writes a record that announces another key. All later records are under that key.
   *
   * @throws JournalUnavailableError if that record was not written. The key then stays the same
   */
  rekey(next: AuditKeys): Promise<void>
  /**
   * Continues the journal in a new file, after all earlier appends. It does nothing on a stream, or if the open file
   * has only its head. It never rejects. A failure is logged, and the journal continues in the same file.
   */
  beginSegment(): Promise<void>
  /**
   * Calls `listener` with each group that becomes durable from now on, before the appends of the group resolve.
   * Checkpoints are left out. There can be one listener.
   *
   * @returns the place of the last record so far
   */
  onDurable(listener: DurableListener): ChainPosition
  /** Returns the current keys. */
  keys(): AuditKeys
  last(): ChainPosition
  /** Returns when the last group failed, by the monotonic clock, or `null` if it did not. */
  failedAtMs(): number | null
  /** Returns how many milliseconds ago the group in flight began, or 0 if there is none. */
  inFlightForMs(): number
}

interface RecordItem {
  readonly draft: RecordDraft
  /** The keys of the records after this one, or `null` if they stay the same. */
  readonly keysAfter: AuditKeys | null
}

type Item = RecordItem | 'NEW_SEGMENT'

/** A file that could not be sealed keeps growing. After this time sealing is tried again. */
const SEGMENT_RETRY_MS = 60_000

/** The point at which a chain is continued. */
export interface ChainStart {
  readonly sink: Sink
  readonly last: ChainPosition
  /** The keys of the next record, as the last one says. */
  readonly keys: AuditKeys
  /** The intents that the records so far leave unresolved. Each append updates it. */
  readonly unresolved: Unresolved
  /** Names the writing process in each record. It is left out where nothing else has to know it. */
  readonly run?: string
  /** The chain in the store. It is left out for a file and for stdout. */
  readonly chainId?: string
}

/** Creates a writer that chains records to `start` in groups. A group that fails takes no place in the chain. */
export function createChainWriter(start: ChainStart, { clock, log }: JournalTools): ChainWriter {
  const { sink, unresolved, run = randomUUID(), chainId = null } = start
  const source = Symbol('writer of a chain')
  let last = start.last
  let keys = start.keys
  let failedAtMs: number | null = null
  let begunAtMs: number | null = null
  let segmentRefusedAtMs: number | null = null
  let tellDurable: DurableListener = () => {}

  const commit = createGroupCommit<Item>(async items => {
    const isAsked = items.includes('NEW_SEGMENT')
    const records = items.filter(item => item !== 'NEW_SEGMENT')
    begunAtMs = clock.monotonic()
    try {
      if (sink.segments !== null && (isAsked || (sink.segments.isFull && maySeal())))
        await startSegment(sink.segments)
      if (records.length > 0) await write(records)
    } catch (error) {
      throw new JournalUnavailableError('The audit journal cannot be written', { cause: error })
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
    const records: DurableRecord[] = []
    for (const { draft } of items) {
      records.push({ draft, about: findIntent(unresolved, draft) })
      unresolved.note(draft, last.seq + records.length)
    }
    last = end
    keys = endKeys
    failedAtMs = null
    tellDurable({ records, end, chainId, source })
  }

  function maySeal(): boolean {
    return segmentRefusedAtMs === null || clock.monotonic() - segmentRefusedAtMs >= SEGMENT_RETRY_MS
  }

  async function startSegment(segments: Segments): Promise<void> {
    if (segments.isEmpty) return
    const sealed = segments.number
    let end = last
    let head = ''
    for (const draft of toCheckpointDrafts(sealed + 1, keys, unresolved, clock.now())) {
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

  return {
    append: draft => commit({ draft, keysAfter: null }),
    rekey: next => commit({ draft: toRekeyedDraft(next, clock.now()), keysAfter: next }),
    beginSegment: () => commit('NEW_SEGMENT'),
    onDurable(listener) {
      tellDurable = listener
      return last
    },
    keys: () => keys,
    last: () => last,
    failedAtMs: () => failedAtMs,
    inFlightForMs: () => (begunAtMs === null ? 0 : clock.monotonic() - begunAtMs),
  }
}

/** It must be called before the record is noted, because the record may resolve its intent. */
function findIntent(unresolved: Unresolved, draft: RecordDraft): DurableRecord['about'] {
  switch (draft.kind) {
    case 'outcome':
    case 'followUp':
      return unresolved.records.get(draft.intent)?.intent ?? null
    case 'policyOutcome':
      return unresolved.policies.get(draft.intent) ?? null
    default:
      return null
  }
}
