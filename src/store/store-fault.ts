import { toErrorCode } from '../base/system-error-code.ts'

/**
 * Says why the store cannot be used.
 *
 * - `LOCKED`: another process uses the store, which only one may use.
 * - `NO_FOLDER`: the folder of the file does not exist.
 * - `REMOVED`: the file was removed, or another one was put in its place, while it was open.
 * - `FOREIGN`: the file is not a store.
 * - `DAMAGED`: the file is a store that was damaged.
 * - `NOT_UTF8`: the database of PostgreSQL cannot store every text.
 * - `OTHER_POOL`: the store belongs to another user pool.
 * - `NEWER`: a newer version of this program has changed its tables.
 * - `FULL`: the disk is full.
 * - `UNREACHABLE`: PostgreSQL does not answer, or has no connection left.
 * - `REFUSED`: the rights of this process or of its user of the database are not enough.
 * - `FAILED`: none of these.
 */
export type StoreFault =
  | 'LOCKED'
  | 'NO_FOLDER'
  | 'REMOVED'
  | 'FOREIGN'
  | 'DAMAGED'
  | 'NOT_UTF8'
  | 'OTHER_POOL'
  | 'NEWER'
  | 'FULL'
  | 'UNREACHABLE'
  | 'REFUSED'
  | 'FAILED'

/** The store holds something that this process must not touch. It is left as it is. */
export class UnfitStoreError extends Error {
  override readonly name = 'UnfitStoreError'

  readonly fault: 'FOREIGN' | 'NOT_UTF8' | 'OTHER_POOL' | 'NEWER' | 'LOCKED'

  constructor(fault: UnfitStoreError['fault']) {
    super(`The store cannot be used (${fault})`)
    this.fault = fault
  }
}

/** The first pattern that fits the code of an error names the fault. */
const CODES: readonly (readonly [RegExp, StoreFault])[] = [
  [/^SQLITE_(BUSY|LOCKED)/, 'LOCKED'],
  [/^(SQLITE_FULL|ENOSPC|EDQUOT|53100)$/, 'FULL'],
  [/^SQLITE_NOTADB$/, 'FOREIGN'],
  [/^(SQLITE_CORRUPT.*|XX00[12])$/, 'DAMAGED'],
  [/^(ENOENT|ENOTDIR)$/, 'NO_FOLDER'],
  [/^(SQLITE_(READONLY|CANTOPEN|PERM|AUTH).*|EACCES|EPERM|EROFS|28...|42501|3D000)$/, 'REFUSED'],
  // Class 57P: the server is being stopped or started. 25006: it is a replica. 53: it has no room for a connection.
  [
    /^(08...|57P..|25006|53[023]..|57014|55P03|ECONN.*|EHOST.*|ENET.*|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN)$/,
    'UNREACHABLE',
  ],
  [/^(.*CERT.*|.*SIGNATURE|.*SELF_SIGNED.*|ERR_(TLS|SSL)_.*)$/, 'REFUSED'],
]

/** The errors that the driver of PostgreSQL makes itself. They have no code. */
const MESSAGES: readonly (readonly [RegExp, StoreFault])[] = [
  [
    /^(Connection terminated|timeout exceeded when|Query read timeout|Client has encountered a conn)/,
    'UNREACHABLE',
  ],
  [/^(The server does not support SSL|SASL: )/, 'REFUSED'],
]

/** Names the fault of an error. Its text may repeat an address or a value, so nothing else of it may be shown. */
export function toStoreFault(error: unknown): StoreFault {
  if (error instanceof UnfitStoreError) return error.fault
  const code = toErrorCode(error)
  const byCode = CODES.find(([pattern]) => pattern.test(code))
  if (byCode !== undefined) return byCode[1]
  const message = error instanceof Error ? error.message : ''
  return MESSAGES.find(([pattern]) => pattern.test(message))?.[1] ?? 'FAILED'
}
