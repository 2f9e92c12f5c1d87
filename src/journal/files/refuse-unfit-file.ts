import { fstatSync } from 'node:fs'
import { type FileHandle, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Logger } from 'pino'
import { toErrorCode } from '../../base/system-error-code.ts'
import { JournalBrokenError } from '../journal-broken-error.ts'

const WRITABLE_BY_OTHERS = 0o022
const READABLE_BY_OTHERS = 0o044
const WRITABLE_BY_ALL = 0o002
/** In such a folder, for example `/tmp`, a user cannot remove the files of another user. */
const STICKY = 0o1000
const STDOUT_AND_STDERR = [1, 2]

/**
 * Refuses a file that is not plain. A device takes records and keeps none. Opening a pipe would wait for its reader.
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

/**
 * Refuses a file that others may write to, or that a second process could open as its own. Warns of a file that others
 * may read.
 *
 * If the file belongs to this user, others lose the right to write instead. Kubernetes gives that right to the group of
 * a volume (`fsGroup`) whenever a pod starts. The chain shows whether they used it.
 *
 * @throws JournalBrokenError
 */
export async function refuseUnfitFile(file: FileHandle, path: string, log: Logger): Promise<void> {
  const { dev, ino, nlink, mode } = await file.stat({ bigint: true })
  if (nlink !== 1n) {
    throw new JournalBrokenError(
      'The audit journal has a second name (a hard link), by which another process could open it: remove one of them.',
    )
  }
  if (STDOUT_AND_STDERR.map(toIdentity).includes(`${dev} ${ino}`)) {
    throw new JournalBrokenError(
      'The audit journal is the file that stdout or stderr goes to: name another one, or set AUDIT_LOG to stdout.',
    )
  }
  const rights = Number(mode) & 0o777
  if ((rights & WRITABLE_BY_OTHERS) !== 0) {
    await file.chmod(rights & ~WRITABLE_BY_OTHERS).catch(error => {
      if (toErrorCode(error) !== 'EPERM') throw error
      throw new JournalBrokenError(
        'Others may write to the audit journal, and it belongs to another user: take that right from them (chmod go-w).',
      )
    })
    log.warn('others could write to the audit journal: this right was taken from them')
  }
  if ((rights & READABLE_BY_OTHERS) !== 0) log.warn('others may read the audit journal')
  const folder = await stat(dirname(path))
  if ((folder.mode & WRITABLE_BY_ALL) !== 0 && (folder.mode & STICKY) === 0) {
    log.warn('everybody may write to the folder of the audit journal, and so replace its files')
  }
}

/** Returns `null` if the process has no such stream. */
function toIdentity(descriptor: number): string | null {
  try {
    const { dev, ino } = fstatSync(descriptor, { bigint: true })
    return `${dev} ${ino}`
  } catch {
    return null
  }
}
