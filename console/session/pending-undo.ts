import { PENDING_CHANGE_MS } from './pending-change.ts'

/**
 * An undo that waits for a sign-in. It comes back as a preview, and is never made by itself. It has no reason, because
 * it is stored.
 */
export interface PendingUndo {
  readonly userId: string
  readonly changeId: string
  /** The person who asked for it. It comes back to nobody else. */
  readonly subject: string
}

const KEY = 'genauth-graphql:pending-undo'

/** Keeps an undo over the way to the issuer and back. A later one replaces it. */
export function keepPendingUndo(undo: PendingUndo, nowMs = Date.now()): void {
  sessionStorage.setItem(KEY, JSON.stringify({ ...undo, keptAtMs: nowMs }))
}

/**
 * Takes the undo of a user out of the storage.
 *
 * @returns `null` if there is none of this user and this person, or if it is over five minutes old
 */
export function takePendingUndo(userId: string, subject: string, nowMs = Date.now()): PendingUndo | null {
  const kept = read()
  if (kept === null) return null
  const ageMs = nowMs - kept.keptAtMs
  const isUsable = ageMs >= 0 && ageMs <= PENDING_CHANGE_MS
  if (isUsable && kept.undo.userId !== userId) return null
  sessionStorage.removeItem(KEY)
  return isUsable && kept.undo.subject === subject ? kept.undo : null
}

function read(): { readonly undo: PendingUndo; readonly keptAtMs: number } | null {
  const text = sessionStorage.getItem(KEY)
  if (text === null) return null
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed !== 'object' || parsed === null) return null
    const { userId, changeId, subject, keptAtMs }: Partial<Record<string, unknown>> = { ...parsed }
    if (typeof userId !== 'string' || typeof changeId !== 'string') return null
    if (typeof subject !== 'string' || typeof keptAtMs !== 'number') return null
    return { undo: { userId, changeId, subject }, keptAtMs }
  } catch {
    return null
  }
}
