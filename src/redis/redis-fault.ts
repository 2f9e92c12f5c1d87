import { z } from 'zod'

/** A fault of Redis, without any key, value or address. */
export interface RedisFault {
  /** A code of the system, or the first word of Redis's error, for example WRONGPASS or READONLY. */
  readonly reason: string
  /** The command that Redis refused, as an access list names it. `null` if it refused no command. */
  readonly command: string | null
}

/**
 * Errors about the command itself, which every server would return. NOSCRIPT means that the server's script cache is
 * empty.
 */
const SAID_OF_THE_QUESTION: ReadonlySet<string> = new Set(['ERR', 'NOSCRIPT', 'WRONGTYPE'])

/** The text of NOPERM about a command within a script in Redis 7.0. Later versions return the word itself. */
const NOT_PERMITTED_IN_SCRIPT = /^ERR The user executing the script can't /
/** The text about a command within a script that the access list does not permit. */
const COMMAND_NOT_PERMITTED = /^NOPERM .*'([a-z-]{1,30}(?:\|[a-z-]{1,30})?)' command/
const refusedSchema = z.object({ command: z.object({ name: z.string().regex(/^[a-z-]{1,30}$/) }) })

/**
 * Returns `true` if a server refuses because of its state or because of our rights. Examples are READONLY after a
 * failover, LOADING, MASTERDOWN, NOREPLICAS, CLUSTERDOWN, MOVED, OOM, MISCONF, NOAUTH and NOPERM. Unknown words count,
 * too. A new connection may find another server, or other rights.
 */
export function isOfThePeer(error: unknown): boolean {
  if (!(error instanceof Error && isReply(error))) return false
  const word = toWord(error)
  return word !== null && !SAID_OF_THE_QUESTION.has(word)
}

/** Describes an error without its text, which may repeat an address or a command with its keys. */
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

/** Returns the command within a script if Redis names it. Otherwise returns the command that was sent. */
function toCommand(error: Error): string | null {
  const within = COMMAND_NOT_PERMITTED.exec(error.message)?.[1]
  if (within !== undefined) return within
  const refused = refusedSchema.safeParse(error)
  return refused.success ? refused.data.command.name : null
}
