import type { BigIntStats } from 'node:fs'
import { type FileHandle, stat } from 'node:fs/promises'

/**
 * Says why nothing may be appended to an open file.
 *
 * - `FILE_MOVED`: its path leads to nothing or to another file.
 * - `FILE_LINKED`: it has a second name.
 * - `FILE_REMOVED`: it has no name any more.
 * - `FILE_CHANGED`: somebody else wrote to it or cut it.
 */
export type FileFault = 'FILE_MOVED' | 'FILE_LINKED' | 'FILE_REMOVED' | 'FILE_CHANGED'

/** These two end when the file has its one name again. Nothing was lost by then. */
export const PASSING_FAULTS: readonly FileFault[] = ['FILE_MOVED', 'FILE_LINKED']

/**
 * Compares an open file with the state in which its process left it, and with the file at its path now. Records in a
 * file that its path does not lead to would be lost with the process.
 *
 * @param names see `JournalPlace`
 */
export async function judgeOpenFile(
  file: Pick<FileHandle, 'stat'>,
  names: readonly string[],
  wholeBytes: number,
): Promise<FileFault | 'AS_LEFT'> {
  const [open, ...found] = await Promise.all([file.stat({ bigint: true }), ...names.map(lookUp)])
  if (open.nlink === 0n) return 'FILE_REMOVED'
  if (open.size !== BigInt(wholeBytes)) return 'FILE_CHANGED'
  if (found.some(at => at?.dev !== open.dev || at.ino !== open.ino)) return 'FILE_MOVED'
  return open.nlink === 1n ? 'AS_LEFT' : 'FILE_LINKED'
}

/**
 * Returns `null` if the path cannot be followed for any reason, because the next start would not find the file either.
 */
async function lookUp(name: string): Promise<BigIntStats | null> {
  try {
    return await stat(name, { bigint: true })
  } catch {
    return null
  }
}
