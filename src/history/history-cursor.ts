import { createHash } from 'node:crypto'
import type { HistoryPlace, HistorySource } from './history-entry.ts'

/** 72 bits tell the users that a client may mix up apart. A cursor gives no right. */
const HASH_CHARACTERS = 12
const LETTERS: Readonly<Record<HistorySource, string>> = { THIS_SERVICE: 's', GENAUTH: 'g' }
const CURSOR = /^([\w-]{12})(?:s(\d{1,14})\.([\da-f-]{36})|g(\d{1,14})\.([\w-]{22}))$/

/** Returns the cursor of an entry of a user. It holds no part of the user's id that could be read. */
export function toHistoryCursor(userId: string, { atMs, source, id }: HistoryPlace): string {
  return `${toHash(userId)}${LETTERS[source]}${atMs}.${id}`
}

/** Returns the place that a cursor names, or `null` if it is no cursor of this user's history. */
export function parseHistoryCursor(userId: string, cursor: string): HistoryPlace | null {
  const [, hash, ownMs, ownId, genauthMs, genauthId] = CURSOR.exec(cursor) ?? []
  if (hash !== toHash(userId)) return null
  if (ownId !== undefined) return { atMs: Number(ownMs), source: 'THIS_SERVICE', id: ownId }
  if (genauthId !== undefined) return { atMs: Number(genauthMs), source: 'GENAUTH', id: genauthId }
  return null
}

function toHash(userId: string): string {
  return createHash('sha256').update(`history ${userId}`).digest('base64url').slice(0, HASH_CHARACTERS)
}
