import { sql } from 'kysely'
import type { StoredChange } from '../../history/change-entry.ts'
import type { ChangePlace, StoredPage, UserKeys } from '../../history/change-index.ts'
import { toIdBytes } from '../id-bytes.ts'
import type { StoreTables } from '../tables.ts'
import { type ChangeRow, toStoredChange } from './change-row.ts'
import { toHashKey } from './user-key.ts'
import { toUuidBytes } from './uuid-bytes.ts'

/** See `ChangeIndex.find`. */
export async function findChange(db: StoreTables, id: string): Promise<StoredChange | null> {
  const bytes = toUuidBytes(id)
  if (bytes === null) return null
  const found = await db.selectFrom('mfa_changes').selectAll().where('id', '=', bytes).executeTakeFirst()
  return found === undefined ? null : toStoredChange(found)
}

/** See `ChangeIndex.page`. Each key of the user is a range of the table. Nearly all users have one. */
export async function readChanges(
  db: StoreTables,
  { userId, idHashes }: UserKeys,
  first: number,
  before: ChangePlace | null,
): Promise<StoredPage> {
  const ranges: ChangeRow[][] = []
  for (const key of [toIdBytes(userId), ...idHashes.map(toHashKey)]) {
    ranges.push(await readRange(db, key, first + 1, before))
  }
  const changes = ranges
    .flat()
    .map(toStoredChange)
    .toSorted((a, b) => b.atMs - a.atMs || (a.id < b.id ? 1 : -1))
  return { changes: changes.slice(0, first), hasMore: changes.length > first }
}

function readRange(
  db: StoreTables,
  userKey: Buffer,
  limit: number,
  before: ChangePlace | null,
): Promise<ChangeRow[]> {
  const all = db.selectFrom('mfa_changes').selectAll().where('user_key', '=', userKey)
  const older =
    before === null
      ? all
      : all.where(
          sql<boolean>`(begun_at, id) < (${before.atMs}, ${toUuidBytes(before.id) ?? Buffer.alloc(0)})`,
        )
  return older.orderBy('begun_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}
