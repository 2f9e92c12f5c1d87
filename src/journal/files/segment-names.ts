import { readdir } from 'node:fs/promises'
import { basename, dirname } from 'node:path'

/** The least number of digits, so that names in alphabetical order are segments in order. */
const DIGITS = 6
const SEALED = /^(?<name>.+)\.(?<number>\d{6,15})$/

/** A full segment of a journal. Nothing is appended to it any more. */
export interface SealedSegment {
  /** From 1 on. */
  readonly number: number
  readonly path: string
}

/** @param path of the open file, as in `JournalPlace` */
export function toSealedPath(path: string, number: number): string {
  return `${path}.${String(number).padStart(DIGITS, '0')}`
}

/** Returns the path at which the next file is prepared before it takes the place of the open one. */
export function toNextPath(path: string): string {
  return `${path}.next`
}

/** Returns the open file's path and the number in a sealed segment's name. Returns `null` for any other name. */
export function parseSealedPath(path: string): { readonly open: string; readonly number: number } | null {
  const { name, number } = SEALED.exec(path)?.groups ?? {}
  if (name === undefined || number === undefined) return null
  // Any other spelling of the number would be a second name for one segment.
  return toSealedPath(name, Number(number)) === path ? { open: name, number: Number(number) } : null
}

/**
 * Lists the sealed segments beside an open file, in order.
 *
 * @throws the errors of reading the folder, for example `ENOENT`
 */
export async function listSealed(path: string): Promise<SealedSegment[]> {
  const folder = dirname(path)
  const found: SealedSegment[] = []
  for (const name of await readdir(folder)) {
    const sealed = parseSealedPath(name)
    if (sealed?.open === basename(path))
      found.push({ number: sealed.number, path: toSealedPath(path, sealed.number) })
  }
  return found.sort((a, b) => a.number - b.number)
}
