import { isUtf8 } from 'node:buffer'
import type { KeyObject } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import type { AuditKeyring, AuditKeys } from '../audit-key.ts'
import { CHAIN_START, type ChainPosition, isCanonicalJson, signCanonicalJson } from '../chain.ts'
import { type JournalRecord, journalRecord } from '../records/journal-record.ts'
import {
  createUnresolved,
  type OpenPolicyIntent,
  type UnmatchedRecord,
  type Unresolved,
  type UnresolvedRecord,
} from '../resolve/unresolved.ts'
import { type Line, readLines } from './read-lines.ts'
import { isTornRecord } from './torn-record.ts'

/** The fault of a line. `BREAK_MEANINGS` describes it in words. */
export type JournalBreakKind =
  | 'NOT_A_RECORD'
  | 'ALTERED'
  | 'ALTERED_OR_OTHER_KEY'
  | 'MISSING_BEFORE'
  | 'REPEATED'
  | 'OTHER_CHAIN'
  | UnmatchedRecord
  | 'UNKNOWN_KEY'
  | 'UNFINISHED_HEAD'
  | 'OTHER_SEGMENT'
  | 'MISSING_SEGMENT'
  | 'OTHER_UNRESOLVED'
  | 'CUT_OFF'
  | 'OTHER_RUN'

export interface JournalBreak {
  /** The number of the segment, from 1 on. */
  readonly line: number
  readonly what: JournalBreakKind
}

/** The facts in a file about the earlier ones. */
interface SegmentHead {
  /** The number of the segment, from 1 on. */
  readonly number: number
  /** The last record before this file. */
  readonly before: ChainPosition
  /** The intents that the earlier files leave unresolved. */
  readonly carried: readonly UnresolvedRecord[]
  /** The changes of policies that the earlier files leave without an outcome. */
  readonly carriedPolicies: readonly OpenPolicyIntent[]
  /** The end of the checkpoints at the beginning of the file. */
  readonly bytes: number
}

/** A file of a journal, read from its first line to its end or to the first break. */
export interface JournalWalk {
  readonly head: SegmentHead
  /** The `run` of its first record. `null` if it has none. */
  readonly firstRun: string | null
  readonly records: number
  readonly intents: number
  readonly outcomes: number
  readonly followUps: number
  /** The intents that its last record in order leaves unresolved. */
  readonly unresolved: Unresolved
  /** The last record that is in order. */
  readonly last: ChainPosition
  /** The keys of the next record. */
  readonly keys: AuditKeys
  /** The end of the records that are in order. */
  readonly wholeBytes: number
  /** A last line that begins as a record and does not end, as a crash leaves it. */
  readonly tornTail: { readonly line: number; readonly bytes: number } | null
  readonly firstBreak: JournalBreak | null
}

const FIRST_HEAD: SegmentHead = { number: 1, before: CHAIN_START, carried: [], carriedPolicies: [], bytes: 0 }

/** Returns the walk of an empty file. */
export function walkNothing(keys: AuditKeys): JournalWalk {
  return {
    head: FIRST_HEAD,
    firstRun: null,
    records: 0,
    intents: 0,
    outcomes: 0,
    followUps: 0,
    unresolved: createUnresolved(),
    last: CHAIN_START,
    keys,
    wholeBytes: 0,
    tornTail: null,
    firstBreak: null,
  }
}

/**
 * Reads one file of a journal. It begins under any key of the ring, and continues under another key if a record
 * announces it. It begins with the first record of a chain, or with a checkpoint. A checkpoint describes the earlier
 * files and is as genuine as any record.
 *
 * @param betweenChunks see `readLines`
 * @param visit is waited for with each record that is in order
 * @throws the errors of reading the file, and of `visit`
 */
export function walkJournal(
  file: Pick<FileHandle, 'read'>,
  ring: AuditKeyring,
  betweenChunks?: () => void | Promise<void>,
  visit?: (record: JournalRecord) => void | Promise<void>,
): Promise<JournalWalk> {
  return walkLines(readLines(file, betweenChunks), ring, visit)
}

/** As `walkJournal`, for lines from anywhere. It rejects with the errors of reading them. */
export async function walkLines(
  lines: AsyncIterable<Line>,
  ring: AuditKeyring,
  visit?: (record: JournalRecord) => void | Promise<void>,
): Promise<JournalWalk> {
  const unresolved = createUnresolved()
  const counts: Record<JournalRecord['kind'], number> = {
    opened: 0,
    rekeyed: 0,
    intent: 0,
    outcome: 0,
    followUp: 0,
    policyIntent: 0,
    policyOutcome: 0,
    probe: 0,
    scanStarted: 0,
    scanEnded: 0,
    checkpoint: 0,
  }
  let head: SegmentHead = FIRST_HEAD
  let isInHead = true
  /** The intents that the checkpoints at the head have announced but not yet brought. */
  let remaining = 0
  let [last, wholeBytes, line] = [CHAIN_START, 0, 0]
  let keys = ring[0]
  let firstRun: string | null = null
  const end = (tornTail: JournalWalk['tornTail'], what: JournalBreakKind | null): JournalWalk => ({
    head,
    firstRun,
    records: last.seq - head.before.seq,
    intents: counts.intent + counts.policyIntent,
    outcomes: counts.outcome + counts.policyOutcome,
    followUps: counts.followUp,
    unresolved,
    last,
    keys,
    wholeBytes,
    tornTail,
    firstBreak: what && { line, what },
  })

  for await (const { bytes, isWhole } of lines) {
    line++
    if (!isWhole) {
      if (remaining > 0) return end(null, 'UNFINISHED_HEAD')
      return isTornRecord(bytes, last) ? end({ line, bytes: bytes.length }, null) : end(null, 'NOT_A_RECORD')
    }
    const parsed = parseRecord(bytes)
    if (parsed === null) return end(null, 'NOT_A_RECORD')
    const { record } = parsed
    if (line === 1) {
      keys = ring.find(({ chain }) => isGenuine(parsed, chain)) ?? keys
      if (record.kind === 'checkpoint') {
        if (!ring.some(({ id }) => id === record.keyId)) return end(null, 'UNKNOWN_KEY')
        // The record names its key, and that key is given.
        if (!isGenuine(parsed, keys.chain)) return end(null, 'ALTERED')
        last = { seq: record.seq - 1, hash: record.prevHash }
        head = { ...head, number: record.segment, before: last }
      }
    }
    const fault = findFault(parsed, last, keys.chain)
    if (fault !== null) return end(null, fault)
    firstRun ??= record.run
    isInHead &&= record.kind === 'checkpoint'
    if (!isInHead && remaining > 0) return end(null, 'UNFINISHED_HEAD')
    const taken = unresolved.note(record, record.seq)
    if (taken !== 'TAKEN') return end(null, taken)
    if (record.kind === 'rekeyed') {
      const next = ring.find(({ id }) => id === record.keyId)
      if (next === undefined) return end(null, 'UNKNOWN_KEY')
      keys = next
    }
    counts[record.kind]++
    last = { seq: record.seq, hash: record.hash }
    wholeBytes += bytes.length + 1
    if (visit !== undefined) await visit(record)
    if (isInHead && record.kind === 'checkpoint') {
      remaining = record.remaining
      const carried = [...unresolved.records.values()]
      head = { ...head, carried, carriedPolicies: [...unresolved.policies.values()], bytes: wholeBytes }
    }
  }
  return end(null, remaining > 0 ? 'UNFINISHED_HEAD' : null)
}

/** A line, with the text that its hash was made of. */
interface ParsedRecord {
  readonly record: JournalRecord
  readonly signed: string
}

/**
 * Returns `null` unless the line is byte for byte the text that a version writes for this record. If a key stood twice,
 * or bytes were not UTF-8, two readers could see different data.
 */
function parseRecord(bytes: Buffer): ParsedRecord | null {
  if (!isUtf8(bytes)) return null
  const text = bytes.toString()
  try {
    // The members stay in the order of the text, so that they need not be sorted for the comparison.
    const found: unknown = JSON.parse(text)
    if (!isCanonicalJson(text, found)) return null
    const parsed = journalRecord.safeParse(found)
    return parsed.success ? { record: parsed.data, signed: withoutHash(text, parsed.data.hash) } : null
  } catch {
    return null
  }
}

/** A quote within a value has a backslash before it, so this match is the member itself. */
function withoutHash(text: string, hash: string): string {
  const member = `"hash":"${hash}",`
  const at = text.indexOf(member)
  return `${text.slice(0, at)}${text.slice(at + member.length)}`
}

/** A record with a valid hash is genuine, and so is the place that it names. */
function findFault(parsed: ParsedRecord, last: ChainPosition, chainKey: KeyObject): JournalBreakKind | null {
  const { record } = parsed
  if (!isGenuine(parsed, chainKey)) return last.seq === 0 ? 'ALTERED_OR_OTHER_KEY' : 'ALTERED'
  if (record.seq > last.seq + 1) return 'MISSING_BEFORE'
  if (record.seq <= last.seq) return 'REPEATED'
  return record.prevHash === last.hash ? null : 'OTHER_CHAIN'
}

function isGenuine({ record, signed }: ParsedRecord, chainKey: KeyObject): boolean {
  return signCanonicalJson(chainKey, signed) === record.hash
}
