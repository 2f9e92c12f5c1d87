import type { FileHandle } from 'node:fs/promises'
import type { ChainMark } from '../../history/change-index.ts'
import { readLines } from '../verify/read-lines.ts'

/** A quote within a value has a backslash before it, so this match is the member itself. */
const HASH = /"hash":"([0-9a-f]{64})"/

/** Returns the last of these marks that names a record of the file, or `null` if none does. */
export async function findMark(
  file: Pick<FileHandle, 'read'>,
  marks: readonly ChainMark[],
  betweenChunks: () => void | Promise<void>,
): Promise<ChainMark | null> {
  const byHash = new Map(marks.map(mark => [mark.hash, mark]))
  let found: ChainMark | null = null
  for await (const { bytes } of readLines(file, betweenChunks)) {
    const hash = HASH.exec(bytes.toString('latin1'))?.[1]
    found = byHash.get(hash ?? '') ?? found
  }
  return found
}
