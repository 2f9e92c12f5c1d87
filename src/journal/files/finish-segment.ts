import { lstat, open, readFile, rename, rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { toErrorCode } from '../../base/system-error-code.ts'
import type { AuditKeyring } from '../audit-key.ts'
import type { ChainPosition } from '../chain.ts'
import { JournalBrokenError } from '../journal-broken-error.ts'
import { isTornRecord } from '../verify/torn-record.ts'
import { walkJournal } from '../verify/walk-journal.ts'
import { syncFolder } from './make-file.ts'
import { type SealedSegment, toNextPath } from './segment-names.ts'

const LINE_END = 0x0a
/** A prepared file has only a head, with thousands of intents at most. */
const MAX_HEAD_BYTES = 67_108_864

/**
 * Names the prepared file as the open one if a crash came between the two steps of `beginSegment`. The prepared file
 * must continue the last sealed segment.
 *
 * @returns `true` if there is an open file now
 * @throws JournalBrokenError if a file was prepared that does not continue the journal
 */
export async function takePrepared(
  path: string,
  sealed: SealedSegment,
  ring: AuditKeyring,
): Promise<boolean> {
  const next = toNextPath(path)
  if (!(await isPrepared(path))) return false
  const before = await walkFile(sealed.path, ring)
  const { head, records, firstBreak, tornTail } = await walkFile(next, ring)
  const isOurs = records > 0 && firstBreak === null && tornTail === null
  const continues = head.number === sealed.number + 1 && isSame(head.before, before.last)
  if (!isOurs || !continues || before.firstBreak !== null || before.tornTail !== null) throw refusal(path)
  await rename(next, path)
  await syncFolder(path)
  return true
}

/**
 * Removes a prepared file that a crash left while the open one still had its name. Nobody was told of anything in it.
 *
 * @param last the end of the open file
 * @throws JournalBrokenError if it holds more than the head of a segment, or is not ours
 */
export async function dropPrepared(path: string, last: ChainPosition, ring: AuditKeyring): Promise<void> {
  const next = toNextPath(path)
  if (!(await isPrepared(path))) return
  if (!(await isUnfinishedHead(next, last, ring))) throw refusal(path)
  await rm(next)
}

async function isUnfinishedHead(next: string, last: ChainPosition, ring: AuditKeyring): Promise<boolean> {
  const { size } = await lstat(next)
  if (size > MAX_HEAD_BYTES) return false
  const bytes = await readFile(next)
  const lines = bytes.subarray(0, bytes.lastIndexOf(LINE_END) + 1)
  const rest = bytes.subarray(lines.length)
  if (lines.length === 0) return rest.length === 0 || isTornRecord(rest, last)
  const { head, last: end, wholeBytes, firstBreak } = await walkFile(next, ring)
  const isHead = wholeBytes === lines.length && head.bytes === wholeBytes
  return (
    isHead &&
    (firstBreak === null || firstBreak.what === 'UNFINISHED_HEAD') &&
    (rest.length === 0 || isTornRecord(rest, end))
  )
}

async function walkFile(path: string, ring: AuditKeyring) {
  await using file = await open(path)
  return await walkJournal(file, ring)
}

async function isPrepared(path: string): Promise<boolean> {
  try {
    // Reading a pipe would wait for its writer.
    if ((await lstat(toNextPath(path))).isFile()) return true
  } catch (error) {
    if (toErrorCode(error) === 'ENOENT') return false
    throw error
  }
  throw refusal(path)
}

function isSame(a: ChainPosition, b: ChainPosition): boolean {
  return a.seq === b.seq && a.hash === b.hash
}

function refusal(path: string): JournalBrokenError {
  return new JournalBrokenError(
    `${basename(toNextPath(path))}, beside the audit journal, is not what this program prepares there: move it away.`,
  )
}
