import { z } from 'zod'

/** What went wrong, in words that repeat no key, no value and no address. */
export interface RedisFault {
  /** A code of the system, or the first word of what Redis says, as WRONGPASS or READONLY. */
  readonly reason: string
  /** The command that Redis refused, as an access list names it; null: it refused none. */
  readonly command: string | null
}

/**
 * Said of what was asked, and not by a server of itself: another server would say the same. NOSCRIPT: its memory of
 * scripts is empty.
 */
const SAID_OF_THE_QUESTION: ReadonlySet<string> = new Set(['ERR', 'NOSCRIPT', 'WRONGTYPE'])

/** How Redis 7.0 says NOPERM of a command within a script. Later ones say the word itself. */
const NOT_PERMITTED_IN_SCRIPT = /^ERR The user executing the script can't /
/** What Redis says of a command within a script that it does not permit. */
const COMMAND_NOT_PERMITTED = /^NOPERM .*'([a-z-]{1,30}(?:\|[a-z-]{1,30})?)' command/
const refusedSchema = z.object({ command: z.object({ name: z.string().regex(/^[a-z-]{1,30}$/) }) })

/**
 * Whether a server refuses because of what it is, or because of whom it takes us for: READONLY after a failover,
 * LOADING, MASTERDOWN, NOREPLICAS, CLUSTERDOWN, MOVED, OOM, MISCONF, NOAUTH, NOPERM and whatever comes to be said
 * besides. A new connection may find another server, or the rights as they are by then.
 */
export function isOfThePeer(error: unknown): boolean {
  if (!(error instanceof Error && isReply(error))) return false
  const word = toWord(error)
  return word !== null && !SAID_OF_THE_QUESTION.has(word)
}

/** Never the text of an error, which may repeat an address or a command with its keys. */
export function toFault(error: unknown): RedisFault {
  if (!(error instanceof Error)) return { reason: 'UNKNOWN', command: null }
  if (isReply(error)) return { reason: toWord(error) ?? 'REFUSED', command: toCommand(error) }
  if ('code' in error && typeof error.code === 'string') return { reason: error.code, command: null }
  return { reason: toWord(error) ?? 'NOT_CONNECTED', command: null }
}

function isReply(error: Error): boolean {
  return error.name === 'ReplyError'
}

function toWord({ message }: Error): string | null {
  if (NOT_PERMITTED_IN_SCRIPT.test(message)) return 'NOPERM'
  return /^[A-Z]+(?= )/.exec(message)?.[0] ?? null
}

/** The command within a script where Redis names it, else the one that was sent. */
function toCommand(error: Error): string | null {
  const within = COMMAND_NOT_PERMITTED.exec(error.message)?.[1]
  if (within !== undefined) return within
  const refused = refusedSchema.safeParse(error)
  return refused.success ? refused.data.command.name : null
}
