import { chmod, open, stat } from 'node:fs/promises'
import { toErrorCode } from '../../base/system-error-code.ts'
import { UnfitStoreError } from '../store-fault.ts'

const MODE = 0o600

/**
 * Creates a file that only its owner may read and write, or takes the rights of others from one that is there. SQLite
 * gives the same rights to the files that it makes beside it.
 *
 * It must be called before SQLite opens the file: a process that closes any descriptor of a file loses its locks of it.
 *
 * @throws UnfitStoreError for anything but a plain file, and the errors of the system
 */
export async function makePrivateFile(path: string): Promise<void> {
  try {
    const file = await open(path, 'wx', MODE)
    await file.close()
  } catch (error) {
    if (toErrorCode(error) !== 'EEXIST') throw error
  }
  const found = await stat(path)
  if (!found.isFile()) throw new UnfitStoreError('FOREIGN')
  if ((found.mode & 0o777) !== MODE) await chmod(path, MODE)
}
