import type { BigIntStats } from 'node:fs'
import { type FileHandle, lstat, open, readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { toErrorCode } from '../../base/system-error-code.ts'
import { listSealed, parseSealedPath } from './segment-names.ts'

/** A file of a journal that is being verified. */
export interface SegmentFile {
  readonly path: string
  /** The number in its name. `null` for the open file, whose head holds the number. */
  readonly number: number | null
  /** Opens the file for reading. The caller closes it. */
  readonly open: () => Promise<FileHandle>
}

/** The place holds no journal, or more than one. */
export class NoJournalError extends Error {
  override readonly name = 'NoJournalError'
}

const BESIDE = /\.(lock|lock\.takeover|next)$/

/**
 * Finds the files of a journal in order. For a folder it returns all files of the one journal in it. For an open file
 * it returns that and its sealed segments. For a sealed segment it returns that alone.
 *
 * The open file is opened first. If a running server seals it after that, it is still read as the last one.
 *
 * @throws NoJournalError, and the errors of reading a folder, for example `ENOENT`
 */
export async function findSegments(target: string): Promise<SegmentFile[]> {
  const path = resolve(target)
  const isFolder = await stat(path).then(
    stats => stats.isDirectory(),
    error => refuseUnlessMissing(error, false),
  )
  const sealed = parseSealedPath(path)
  if (!isFolder && sealed !== null) return [{ path, number: sealed.number, open: () => open(path) }]
  return withSealed(isFolder ? await findOpenPath(path) : path)
}

async function withSealed(path: string): Promise<SegmentFile[]> {
  const file = await open(path).catch(error => refuseUnlessMissing(error, null))
  const identity = file === null ? null : toIdentity(await file.stat({ bigint: true }))
  const found: SegmentFile[] = []
  for (const sealed of await listSealed(path)) {
    const isLast = identity === toIdentity(await lstat(sealed.path, { bigint: true }))
    if (!isLast) found.push({ ...sealed, open: () => open(sealed.path) })
  }
  if (file === null && found.length === 0) await lstat(path)
  return file === null ? found : [...found, { path, number: null, open: async () => file }]
}

function refuseUnlessMissing<T>(error: unknown, missing: T): T {
  if (toErrorCode(error) === 'ENOENT') return missing
  throw error
}

function toIdentity({ dev, ino }: BigIntStats): string {
  return `${dev} ${ino}`
}

/** Returns the path of the open file of the one journal in a folder, even if the file is gone. */
async function findOpenPath(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter(entry => entry.isFile() && !BESIDE.test(entry.name)).map(({ name }) => name)
  const sealed = names.flatMap(name => parseSealedPath(name)?.open ?? [])
  const found = [...new Set(sealed.length > 0 ? sealed : names)]
  const [name] = found
  if (name === undefined) throw new NoJournalError('There is no journal in this folder.')
  if (found.length > 1) {
    throw new NoJournalError(
      `There are several files that may be a journal, as ${found.slice(0, 2).join(' and ')}: name one.`,
    )
  }
  return join(folder, name)
}
