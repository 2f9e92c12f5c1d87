import { lstat, realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { toErrorCode } from '../../base/system-error-code.ts'
import { JournalBrokenError } from '../journal-broken-error.ts'

/** Where the file of a journal is. */
export interface JournalPlace {
  /** Without a link in it: one file has one lock, by whatever link it is named. */
  readonly path: string
  /** What must lead to the open file: the path as it was given, where links may be changed, and the one without. */
  readonly names: readonly string[]
}

/**
 * Follows every link of a path. The file need not be there, its folder must be.
 *
 * @throws JournalBrokenError for a link to nothing: a file made through it would get a lock beside the link, so that
 * a second process could open it by another name; and what `realpath` throws, as `ENOENT`
 */
export async function toJournalPlace(given: string): Promise<JournalPlace> {
  const absolute = resolve(given)
  const path = await toRealPath(absolute)
  return { path, names: [...new Set([absolute, path])] }
}

async function toRealPath(absolute: string): Promise<string> {
  try {
    return await realpath(absolute)
  } catch (error) {
    if (toErrorCode(error) !== 'ENOENT') throw error
  }
  const path = join(await realpath(dirname(absolute)), basename(absolute))
  const isLink = await lstat(path).then(
    stats => stats.isSymbolicLink(),
    () => false,
  )
  if (isLink) throw new JournalBrokenError('AUDIT_LOG is a link to nothing: name the file itself.')
  return path
}
