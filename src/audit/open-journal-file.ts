import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Logger } from 'pino'
import type { AuditKeyring } from './audit-key.ts'
import { CHAIN_START } from './chain.ts'
import { toErrorCode } from './error-code.ts'
import { JournalBrokenError } from './journal-broken-error.ts'
import { refuseUnfitFile } from './refuse-unfit-file.ts'
import { createUnresolved } from './unresolved.ts'
import { describeBreak } from './verify-journal.ts'
import { type JournalWalk, walkJournal } from './walk-journal.ts'

/** A journal file that is in order and open for appending, and what was found in it. */
export interface JournalFile {
  readonly file: FileHandle
  readonly found: JournalWalk
}

const APPENDING = constants.O_RDWR | constants.O_APPEND | constants.O_NOFOLLOW
const MODE = 0o600

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
 * from where it is in order, and a recovery must not act on what somebody else wrote. An unfinished last record is
 * cut off: whoever waited for it was never told that it is there. Any other file is left as it is.
 *
 * @param path see `JournalPlace`
 * @throws JournalBrokenError, and what opening a file throws
 */
export async function openJournalFile(path: string, ring: AuditKeyring, log: Logger): Promise<JournalFile> {
  const file = await openOrMake(path)
  try {
    await refuseUnfitFile(file, path, log)
    const { size } = await file.stat()
    const found =
      size === 0
        ? { ...NOTHING, keys: ring[0], unresolved: createUnresolved() }
        : await walkJournal(file, ring)
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

/** What is made has its mode whatever the process takes from it (`umask`); what is there keeps its own. */
async function openOrMake(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, APPENDING | constants.O_CREAT | constants.O_EXCL, MODE)
    await file.chmod(MODE)
    return file
  } catch (error) {
    if (toErrorCode(error) !== 'EEXIST') throw error
    return open(path, APPENDING)
  }
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
