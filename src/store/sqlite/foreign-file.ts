import { open } from 'node:fs/promises'
import { UnfitStoreError } from '../store-fault.ts'

/** "mfas". SQLite has a place for such a number at the beginning of a file. */
export const APPLICATION_ID = 0x6d_66_61_73

/** The beginning of each file of SQLite, and the place of the number. */
const MAGIC = 'SQLite format 3\0'
const HEADER_BYTES = 100
const APPLICATION_ID_AT = 68

/**
 * Refuses a file of another program, without a change to any byte of it. An empty file is a new store. SQLite itself
 * must not open the file before: it would complete what that program has left unfinished.
 *
 * @throws UnfitStoreError, and the errors of the system
 */
export async function refuseForeignFile(path: string): Promise<void> {
  const header = Buffer.alloc(HEADER_BYTES)
  const file = await open(path)
  const { bytesRead } = await file.read(header, 0, HEADER_BYTES, 0).finally(() => file.close())
  if (bytesRead === 0) return
  const isOurs =
    header.toString('latin1', 0, MAGIC.length) === MAGIC &&
    header.readUInt32BE(APPLICATION_ID_AT) === APPLICATION_ID
  if (!isOurs) throw new UnfitStoreError('FOREIGN')
}
