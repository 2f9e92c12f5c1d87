import { type FileHandle, open } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Logger } from 'pino'
import { toErrorCode } from '../../base/system-error-code.ts'
import type { AuditKeyring } from '../audit-key.ts'
import { JournalBrokenError } from '../journal-broken-error.ts'
import { describeBreak } from '../verify/describe-break.ts'
import { type JournalWalk, walkJournal, walkNothing } from '../verify/walk-journal.ts'
import { dropPrepared, takePrepared } from './finish-segment.ts'
import { APPENDING, makeFile, syncFolder } from './make-file.ts'
import { refuseUnfitFile } from './refuse-unfit-file.ts'
import { listSealed, type SealedSegment } from './segment-names.ts'

/** The open file of a journal, verified and open for appending, with its content. */
export interface JournalFile {
  readonly file: FileHandle
  readonly found: JournalWalk
  /** The earlier segments, in order. They were not read. */
  readonly sealed: readonly SealedSegment[]
}

/** A file of this size takes some seconds to verify. */
const LARGE_BYTES = 134_217_728

/**
 * Opens the last file of a journal, and creates it if it is missing. It first reads and verifies all of it. A chain is
 * continued only where it is in order, and a recovery must not act on the text of somebody else. The checkpoint at its
 * head holds the necessary facts of the sealed segments. An unfinished last record is cut off. Nobody was told that it
 * was durable. Any other file is left as it is.
 *
 * @param path see `JournalPlace`
 * @param betweenChunks see `readLines`
 * @throws JournalBrokenError, and the errors of opening a file
 */
export async function openJournalFile(
  path: string,
  ring: AuditKeyring,
  log: Logger,
  betweenChunks: () => void,
): Promise<JournalFile> {
  const sealed = await listSealed(path)
  const file = await openOrMake(path, sealed.at(-1), ring)
  try {
    await refuseUnfitFile(file, path, log)
    const { size } = await file.stat()
    if (size > LARGE_BYTES)
      log.warn({ bytes: size }, 'the open file of the audit journal is large: no writes until it is verified')
    const found = size === 0 ? walkNothing(ring[0]) : await walkJournal(file, ring, betweenChunks)
    if (found.firstBreak !== null) {
      const { line } = found.firstBreak
      throw new JournalBrokenError(
        `Line ${line} of the audit journal: ${describeBreak(found.firstBreak)}. A former AUDIT_KEY belongs in a line below the one in force; otherwise keep the file as evidence and name a new one.`,
      )
    }
    refuseLaterSegment(found.head.number, sealed.at(-1))
    await dropPrepared(path, found.last, ring)
    if (found.tornTail !== null) await file.truncate(found.wholeBytes)
    if (size === 0) await syncFolder(path)
    return { file, found, sealed }
  } catch (error) {
    await file.close()
    throw error
  }
}

/** A new file has its mode whatever the `umask` is. An existing one keeps its own. */
async function openOrMake(
  path: string,
  lastSealed: SealedSegment | undefined,
  ring: AuditKeyring,
): Promise<FileHandle> {
  try {
    return await open(path, APPENDING)
  } catch (error) {
    if (toErrorCode(error) !== 'ENOENT') throw error
  }
  if (lastSealed === undefined) return makeFile(path)
  if (await takePrepared(path, lastSealed, ring)) return open(path, APPENDING)
  throw new JournalBrokenError(
    `The open file of the audit journal is missing, and ${basename(lastSealed.path)} is not its end: put it back, or move the sealed segments away to begin a new journal.`,
  )
}

/**
 * A later segment means that the open file is an old copy, or was cut, or that the segment belongs to somebody else.
 */
function refuseLaterSegment(number: number, last: SealedSegment | undefined): void {
  if (last === undefined || last.number < number) return
  throw new JournalBrokenError(
    `${basename(last.path)} is later than the open file of the audit journal, which is segment ${number}: records are missing between them, or one of the two files is foreign.`,
  )
}
