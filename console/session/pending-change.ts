/**
 * A change of one user that waits for a sign-in. It comes back as a preview, and is never made by itself. It has no
 * reason and no contact, because it is stored.
 */
export interface PendingChange {
  /** The user. Changes of many have a name of their own here, such as `pool`, which no id of GenAuth is. */
  readonly userId: string
  readonly enable: readonly string[]
  readonly disable: readonly string[]
  /** All factors in their new order. `null` if the order stays as it is. */
  readonly order: readonly string[] | null
  readonly revision: string | null
  /** The person who made it. It comes back to nobody else. */
  readonly subject: string
}

const KEY = 'genauth-graphql:pending-change'
/** How long it waits, in milliseconds. */
export const PENDING_CHANGE_MS = 300_000

/** Keeps a change over the way to the issuer and back. A later one replaces it. */
export function keepPendingChange(change: PendingChange, nowMs = Date.now()): void {
  sessionStorage.setItem(KEY, JSON.stringify({ ...change, keptAtMs: nowMs }))
}

/**
 * Takes the change of a user out of the storage.
 *
 * @returns `null` if there is none of this user and this person, or if it is over five minutes old
 */
export function takePendingChange(userId: string, subject: string, nowMs = Date.now()): PendingChange | null {
  const kept = read()
  if (kept === null) return null
  const ageMs = nowMs - kept.keptAtMs
  const isUsable = ageMs >= 0 && ageMs <= PENDING_CHANGE_MS
  if (isUsable && kept.change.userId !== userId) return null
  sessionStorage.removeItem(KEY)
  return isUsable && kept.change.subject === subject ? kept.change : null
}

function read(): { readonly change: PendingChange; readonly keptAtMs: number } | null {
  const text = sessionStorage.getItem(KEY)
  if (text === null) return null
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed !== 'object' || parsed === null) return null
    const { userId, enable, disable, order, revision, subject, keptAtMs }: Partial<Record<string, unknown>> =
      { ...parsed }
    if (typeof userId !== 'string' || typeof subject !== 'string' || typeof keptAtMs !== 'number') return null
    if (!isTexts(enable) || !isTexts(disable) || !(revision === null || typeof revision === 'string'))
      return null
    if (order !== null && !isTexts(order)) return null
    return { change: { userId, enable, disable, order, revision, subject }, keptAtMs }
  } catch {
    return null
  }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string')
}
