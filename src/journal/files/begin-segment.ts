import { lstat, rename, rm } from 'node:fs/promises'
import { toErrorCode } from '../../base/system-error-code.ts'
import type { SinkFile } from '../sink.ts'
import { makeFile, syncFolder } from './make-file.ts'
import { toNextPath, toSealedPath } from './segment-names.ts'

/** The result of the attempt to continue in a new file. */
export type SegmentBegun =
  | { readonly kind: 'BEGUN'; readonly file: SinkFile }
  /** Nothing has changed: the open file is still at its path. */
  | { readonly kind: 'KEPT'; readonly cause: unknown }
  /** After a crash now, the files would be in an unknown state. Nothing may be appended to either file. */
  | { readonly kind: 'LOST'; readonly cause: unknown }

/** The system calls that change names. A test lets them fail, or stops between them. */
export interface NameCalls {
  readonly rename: (from: string, to: string) => Promise<void>
  readonly syncFolder: (path: string) => Promise<void>
}

const NAME_CALLS: NameCalls = { rename, syncFolder }

/**
 * Seals the open file under its number. A new file that begins with `head` takes its place. All steps that need room on
 * the disk come first, so that a full disk changes nothing:
 *
 * 1. The new file is written beside the open one, and synced with its name.
 * 2. The open file gets its name as a sealed segment. No file of that name is replaced.
 * 3. The new file gets the name of the open one.
 * 4. The names are synced, before anything is appended.
 *
 * A crash leaves either the open file, or no file under its name and the whole new one. `finishSegment` tells these
 * apart.
 *
 * @param number of the segment that ends here
 */
export async function beginSegment(
  path: string,
  number: number,
  head: string,
  calls = NAME_CALLS,
): Promise<SegmentBegun> {
  const [next, sealed] = [toNextPath(path), toSealedPath(path, number)]
  let file: Awaited<ReturnType<typeof makeFile>>
  try {
    await refuseExisting(sealed)
    file = await makeFile(next)
  } catch (cause) {
    return { kind: 'KEPT', cause }
  }
  const keep = async (cause: unknown): Promise<SegmentBegun> => {
    await file.close()
    await rm(next, { force: true }).catch(() => {})
    return { kind: 'KEPT', cause }
  }
  const lose = async (cause: unknown): Promise<SegmentBegun> => {
    await file.close()
    return { kind: 'LOST', cause }
  }

  try {
    await file.appendFile(head)
    await file.sync()
    await calls.syncFolder(path)
    await calls.rename(path, sealed)
  } catch (cause) {
    return keep(cause)
  }
  try {
    await calls.rename(next, path)
  } catch (cause) {
    try {
      await calls.rename(sealed, path)
      await calls.syncFolder(path)
    } catch {
      return lose(cause)
    }
    return keep(cause)
  }
  try {
    await calls.syncFolder(path)
  } catch (cause) {
    return lose(cause)
  }
  return { kind: 'BEGUN', file }
}

/** `rename` would replace an existing file. No other process of ours does this, so none can come between the two. */
async function refuseExisting(path: string): Promise<void> {
  try {
    await lstat(path)
  } catch (error) {
    if (toErrorCode(error) === 'ENOENT') return
    throw error
  }
  throw Object.assign(new Error('There is a file where the segment would be sealed'), { code: 'EEXIST' })
}
