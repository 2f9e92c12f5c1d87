import type { BigIntStats } from 'node:fs'
import { type FileHandle, stat } from 'node:fs/promises'

/**
 * Why nothing may be appended to an open file.
 *
 * - `FILE_MOVED`: its path leads to nothing or to another file.
 * - `FILE_LINKED`: it has a second name.
 * - `FILE_REMOVED`: it has no name any more.
 * - `FILE_CHANGED`: somebody else wrote to it or cut it.
 */
export type FileFault = 'FILE_MOVED' | 'FILE_LINKED' | 'FILE_REMOVED' | 'FILE_CHANGED'

/** The first two are over when the file has its one name again. Nothing was lost by then. */
export const PASSING_FAULTS: readonly FileFault[] = ['FILE_MOVED', 'FILE_LINKED']

/**
 * Compares an open file with what its process left, and with what its path leads to now. What is appended to a file
 * that cannot be found by its path is lost with the process.
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

/** Whatever keeps a path from being followed: by it the next start would not find the file. */
async function lookUp(name: string): Promise<BigIntStats | null> {
  try {
    return await stat(name, { bigint: true })
  } catch {
    return null
  }
}
