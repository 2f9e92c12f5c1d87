import { lstat, realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { toErrorCode } from '../../base/system-error-code.ts'
import { JournalBrokenError } from '../journal-broken-error.ts'

/** The place of a journal's file. */
export interface JournalPlace {
  /** The path without any link. One file then has one lock, by whatever link it is named. */
  readonly path: string
  /** The paths that must lead to the open file: the given path, whose links may change, and the one without links. */
  readonly names: readonly string[]
}

/**
 * Follows every link of a path. The folder must exist, but the file need not.
 *
 * @throws JournalBrokenError for a link to nothing. A file made through it would get a lock beside the link, and a
 * second process could open it by another name
 * @throws the errors of `realpath`, for example `ENOENT`
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
