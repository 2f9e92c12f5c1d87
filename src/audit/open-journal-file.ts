import { type FileHandle, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { AuditKeyring } from './audit-key.ts'
import { CHAIN_START } from './chain.ts'
import { toErrorCode } from './error-code.ts'
import { createUnresolved } from './unresolved.ts'
import { describeBreak } from './verify-journal.ts'
import { type JournalWalk, walkJournal } from './walk-journal.ts'

/** A journal file that is in order and open for appending, and what was found in it. */
export interface JournalFile {
  readonly file: FileHandle
  readonly found: JournalWalk
}

/** The file is not what this journal wrote with this key. Nothing is appended to it. */
export class JournalBrokenError extends Error {
  override readonly name = 'JournalBrokenError'
}

const NOTHING: Omit<JournalWalk, 'keys' | 'unresolved'> = {
  records: 0,
  intents: 0,
  outcomes: 0,
  followUps: 0,
  last: CHAIN_START,
  wholeBytes: 0,
  tornTail: null,
  firstBreak: null,
}

/**
 * Opens the file of a journal, made if need be. All of it is read and verified first: a chain is continued only
 * from where it is in order, and a recovery must not act on what somebody else wrote. An unfinished last line is
 * cut off: whoever waited for it was never told that it is there.
 *
 * @throws JournalBrokenError, and what opening a file throws
 */
export async function openJournalFile(path: string, ring: AuditKeyring): Promise<JournalFile> {
  const file = await open(path, 'a', 0o600)
  try {
    const { size } = await file.stat()
    const found =
      size === 0
        ? { ...NOTHING, keys: ring[0], unresolved: createUnresolved() }
        : await walkJournal(path, ring)
    if (found.firstBreak !== null) {
      const { line } = found.firstBreak
      throw new JournalBrokenError(
        `Line ${line} of the audit journal: ${describeBreak(found.firstBreak)}. A former AUDIT_KEY belongs in a line below the one in force; else keep the file as evidence and name a new one.`,
      )
    }
    if (found.tornTail !== null) await file.truncate(found.wholeBytes)
    if (size === 0) await syncFolder(path)
    return { file, found }
  } catch (error) {
    await file.close()
    throw error
  }
}

/**
 * A device takes records and keeps none.
 *
 * @throws JournalBrokenError
 */
export async function refuseSpecialFile(path: string): Promise<void> {
  try {
    if ((await stat(path)).isFile()) return
  } catch (error) {
    if (toErrorCode(error) === 'ENOENT') return
    throw error
  }
  throw new JournalBrokenError('The audit journal must be a plain file, or stdout.')
}

/** Syncing a file does not keep its name; the folder holds that. Some systems cannot open a folder. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(dirname(path))
    await folder.sync().finally(() => folder.close())
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EINVAL'].includes(toErrorCode(error))) throw error
  }
}
