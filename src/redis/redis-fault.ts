/**
 * Said of what was asked, and not by a server of itself: another server would say the same. NOSCRIPT: its memory of
 * scripts is empty.
 */
const SAID_OF_THE_QUESTION: ReadonlySet<string> = new Set(['ERR', 'NOSCRIPT', 'WRONGTYPE'])

/**
 * Whether a server refuses because of what it is, or because of whom it takes us for: READONLY after a failover,
 * LOADING, MASTERDOWN, NOREPLICAS, CLUSTERDOWN, MOVED, OOM, MISCONF, NOAUTH, NOPERM and whatever comes to be said
 * besides. A new connection may find another server, or the rights as they are by then.
 */
export function isOfThePeer(error: unknown): boolean {
  if (!(error instanceof Error) || error.name !== 'ReplyError') return false
  const word = toFirstWord(error)
  return word !== null && !SAID_OF_THE_QUESTION.has(word)
}

/** A code of the system, or the first word of what Redis says, as WRONGPASS or READONLY. Never its text. */
export function toReason(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN'
  if ('code' in error && typeof error.code === 'string') return error.code
  return toFirstWord(error) ?? 'NOT_CONNECTED'
}

function toFirstWord({ message }: Error): string | null {
  return /^[A-Z]+(?= )/.exec(message)?.[0] ?? null
}
