/** A wish that waits for a sign-in. It comes back as a preview, and is never carried out by itself. */
export interface Waiting<T> {
  /** The place that takes it again, such as a user. No two kinds of wishes share one. */
  readonly target: string
  /** The person who made it. It comes back to nobody else. */
  readonly subject: string
  /** The reason so far. Nothing of it is kept but whether there was one. */
  readonly reason: string
  /** It is stored, so it has no contact and no name. */
  readonly wish: T
}

/** A wish that came back. */
export interface CameBack<T> {
  readonly kind: 'CAME_BACK'
  readonly wish: T
  /** `true` if a reason was typed before the sign-in. */
  readonly hadReason: boolean
}

/**
 * The result of a look for a wish: there was none, it came back, or it is gone. It is gone if another person has signed
 * in, or if it waited for too long.
 */
export type Waited<T> = CameBack<T> | { readonly kind: 'NOTHING' | 'OTHER_PERSON' | 'EXPIRED' }

export const NOTHING = { kind: 'NOTHING' } as const

const KEY = 'genauth-graphql:waiting'
/** How long a wish waits, in milliseconds. */
export const WAIT_MS = 300_000

/** Keeps a wish over the way to the issuer and back. A later one replaces it. */
export function keepWaiting({ target, subject, reason, wish }: Waiting<object>, nowMs = Date.now()): void {
  const hadReason = reason.trim() !== ''
  sessionStorage.setItem(KEY, JSON.stringify({ target, subject, hadReason, wish, keptAtMs: nowMs }))
}

/** Takes the wish of a place out of the storage. One of another place stays there. */
export function takeWaiting<T>(
  target: string,
  subject: string,
  isWish: (read: unknown) => read is T,
  nowMs = Date.now(),
): Waited<T> {
  const kept = read()
  if (kept['target'] !== target) return NOTHING
  sessionStorage.removeItem(KEY)
  const { wish, keptAtMs, hadReason } = kept
  if (!isWish(wish) || typeof keptAtMs !== 'number') return NOTHING
  if (kept['subject'] !== subject) return { kind: 'OTHER_PERSON' }
  // A clock that was set back tells no age.
  if (nowMs < keptAtMs || nowMs > keptAtMs + WAIT_MS) return { kind: 'EXPIRED' }
  return { kind: 'CAME_BACK', wish, hadReason: hadReason === true }
}

function read(): Partial<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null')
    return { ...(typeof parsed === 'object' && parsed) }
  } catch {
    return {}
  }
}
