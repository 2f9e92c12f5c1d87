import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { toErrorCode } from '../../base/system-error-code.ts'

/** How a file of the journal is opened: never through a link that is its last part. */
export const APPENDING = constants.O_RDWR | constants.O_APPEND | constants.O_NOFOLLOW

const MODE = 0o600

/**
 * Makes a file that its owner alone may read and write, whatever the process takes from new files (`umask`).
 *
 * @throws what opening a file throws, `EEXIST` if it is there
 */
export async function makeFile(path: string): Promise<FileHandle> {
  const file = await open(path, APPENDING | constants.O_CREAT | constants.O_EXCL, MODE)
  await file.chmod(MODE)
  return file
}

/** Syncing a file does not keep its name; the folder holds that. Some systems cannot open a folder. */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(dirname(path))
    await folder.sync().finally(() => folder.close())
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EINVAL'].includes(toErrorCode(error))) throw error
  }
}
