import { isUtf8 } from 'node:buffer'
import type { FileHandle } from 'node:fs/promises'
import type { AuditKeyring, AuditKeys } from './audit-key.ts'
import { CHAIN_START, type ChainPosition, hashRecord, toCanonicalJson } from './chain.ts'
import { readLines } from './read-lines.ts'
import { type JournalRecord, journalRecord } from './records.ts'
import { isTornRecord } from './torn-record.ts'
import { createUnresolved, type UnmatchedRecord, type Unresolved } from './unresolved.ts'

/** What is wrong with a line; `BREAK_MEANINGS` says it in words. */
export type JournalBreakKind =
  | 'NOT_A_RECORD'
  | 'ALTERED'
  | 'ALTERED_OR_OTHER_KEY'
  | 'MISSING_BEFORE'
  | 'REPEATED'
  | 'OTHER_CHAIN'
  | UnmatchedRecord
  | 'UNKNOWN_KEY'

export interface JournalBreak {
  /** From 1 on. */
  readonly line: number
  readonly what: JournalBreakKind
}

/** A journal as read from its first line to its end, or to the first break. */
export interface JournalWalk {
  readonly records: number
  readonly intents: number
  readonly outcomes: number
  readonly followUps: number
  /** What its last record in order leaves unresolved. */
  readonly unresolved: Unresolved
  /** The last record that is in order. */
  readonly last: ChainPosition
  /** What the record after it is under. */
  readonly keys: AuditKeys
  /** How far the records that are in order reach. */
  readonly wholeBytes: number
  /** A last line that begins as a record and does not end, as a crash leaves it. */
  readonly tornTail: { readonly line: number; readonly bytes: number } | null
  readonly firstBreak: JournalBreak | null
}

/**
 * A journal begins under any key of the ring, and goes on under another where the one before says so.
 *
 * @throws what reading the file throws
 */
export async function walkJournal(file: Pick<FileHandle, 'read'>, ring: AuditKeyring): Promise<JournalWalk> {
  const unresolved = createUnresolved()
  const counts = { opened: 0, rekeyed: 0, intent: 0, outcome: 0, followUp: 0, probe: 0 }
  let [last, wholeBytes, line] = [CHAIN_START, 0, 0]
  let keys = ring[0]
  const end = (tornTail: JournalWalk['tornTail'], what: JournalBreakKind | null): JournalWalk => ({
    records: last.seq,
    intents: counts.intent,
    outcomes: counts.outcome,
    followUps: counts.followUp,
    unresolved,
    last,
    keys,
    wholeBytes,
    tornTail,
    firstBreak: what && { line, what },
  })

  for await (const { bytes, isWhole } of readLines(file)) {
    line++
    if (!isWhole) {
      return isTornRecord(bytes, last) ? end({ line, bytes: bytes.length }, null) : end(null, 'NOT_A_RECORD')
    }
    const record = parseRecord(bytes)
    if (record === null) return end(null, 'NOT_A_RECORD')
    if (line === 1) keys = ring.find(({ chain }) => isGenuine(record, chain)) ?? keys
    const fault = findFault(record, last, keys.chain)
    if (fault !== null) return end(null, fault)
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
  }
  return end(null, null)
}

/**
 * Null unless the line is byte for byte what the journal writes for this record: of a key that stands twice, or
 * of bytes that are no UTF-8, two readers could see different things.
 */
function parseRecord(bytes: Buffer): JournalRecord | null {
  if (!isUtf8(bytes)) return null
  const text = bytes.toString()
  try {
    const parsed = journalRecord.safeParse(JSON.parse(text))
    return parsed.success && toCanonicalJson(parsed.data) === text ? parsed.data : null
  } catch {
    return null
  }
}

/** A record whose hash fits is genuine, and so is the place it names. */
function findFault(record: JournalRecord, last: ChainPosition, chainKey: Buffer): JournalBreakKind | null {
  if (!isGenuine(record, chainKey)) return last.seq === 0 ? 'ALTERED_OR_OTHER_KEY' : 'ALTERED'
  if (record.seq > last.seq + 1) return 'MISSING_BEFORE'
  if (record.seq <= last.seq) return 'REPEATED'
  return record.prevHash === last.hash ? null : 'OTHER_CHAIN'
}

function isGenuine({ hash, ...content }: JournalRecord, chainKey: Buffer): boolean {
  return hashRecord(chainKey, content) === hash
}
