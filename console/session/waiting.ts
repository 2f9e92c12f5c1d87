/** A wish that waits for a sign-in. It comes back as a preview, and is never carried out by itself. */
export interface Waiting {
  /** The place that takes it again, such as a user. No two kinds of wishes share one. */
  readonly target: string
  /** The reason so far. Nothing of it is kept but whether there was one. */
  readonly reason: string
  /** It is stored, so it has no contact and no name. */
  readonly wish: object
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

interface Kept {
  readonly target: string
  readonly hadReason: boolean
  readonly wish: unknown
}

interface Store {
  /** The person who made the wishes. They come back to nobody else. */
  readonly subject: unknown
  readonly keptAtMs: unknown
  readonly wishes: readonly Kept[]
}

/** Keeps wishes over the way to the issuer and back, in place of earlier ones. */
export function keepWaiting(wishes: readonly Waiting[], subject: string, nowMs = Date.now()): void {
  write({
    subject,
    keptAtMs: nowMs,
    wishes: wishes.map(({ target, reason, wish }) => ({ target, hadReason: reason.trim() !== '', wish })),
  })
}

/** Takes the wish of a place out of the storage. Those of other places stay there. */
export function takeWaiting<T>(
  target: string,
  subject: string,
  isWish: (read: unknown) => read is T,
  nowMs = Date.now(),
): Waited<T> {
  const store = read()
  const kept = store.wishes.find(each => each.target === target)
  if (kept === undefined) return NOTHING
  write({ ...store, wishes: store.wishes.filter(each => each !== kept) })
  const { wish, hadReason } = kept
  const { keptAtMs } = store
  if (!isWish(wish) || typeof keptAtMs !== 'number') return NOTHING
  if (store.subject !== subject) return { kind: 'OTHER_PERSON' }
  // A clock that was set back tells no age.
  if (nowMs < keptAtMs || nowMs > keptAtMs + WAIT_MS) return { kind: 'EXPIRED' }
  return { kind: 'CAME_BACK', wish, hadReason }
}

function write(store: Store): void {
  if (store.wishes.length === 0) sessionStorage.removeItem(KEY)
  else sessionStorage.setItem(KEY, JSON.stringify(store))
}

function read(): Store {
  try {
    const parsed: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null')
    const { subject, keptAtMs, wishes }: Partial<Record<string, unknown>> = { ...(parsed ?? {}) }
    return { subject, keptAtMs, wishes: Array.isArray(wishes) ? wishes.flatMap(toKept) : [] }
  } catch {
    return { subject: null, keptAtMs: null, wishes: [] }
  }
}

function toKept(read: unknown): readonly Kept[] {
  const { target, hadReason, wish }: Partial<Record<string, unknown>> = { ...(read ?? {}) }
  return typeof target === 'string' ? [{ target, hadReason: hadReason === true, wish }] : []
}
