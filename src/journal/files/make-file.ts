import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { toErrorCode } from '../../base/system-error-code.ts'

/** The flags that open a file of the journal, but never through a link that is the last part of its path. */
export const APPENDING = constants.O_RDWR | constants.O_APPEND | constants.O_NOFOLLOW

const MODE = 0o600

/**
 * Creates a file that only its owner may read and write, whatever the process's `umask` is.
 *
 * @throws the errors of opening a file, `EEXIST` if it is there
 */
export async function makeFile(path: string): Promise<FileHandle> {
  const file = await open(path, APPENDING | constants.O_CREAT | constants.O_EXCL, MODE)
  await file.chmod(MODE)
  return file
}

/** Syncing a file does not keep its name, which the folder holds. Some systems cannot open a folder. */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(dirname(path))
    await folder.sync().finally(() => folder.close())
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EINVAL'].includes(toErrorCode(error))) throw error
  }
}
