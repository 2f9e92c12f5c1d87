import type { CallerScope } from './caller-scope.ts'
import { fail, type Result, succeed } from './failure.ts'
import type { FoundUser, UserRef } from './user-ref.ts'

/**
 * Returns GenAuth's own ids, in the order asked. A user named by that id costs nothing. An identifier that may name
 * another user is refused (`AMBIGUOUS_USER`), because a change by it could hit the wrong person.
 */
export async function findUserIds(scope: CallerScope, users: readonly UserRef[]): Promise<Result<string>[]> {
  const others = users.filter(isGuess)
  if (others.length === 0) return users.map(({ userId }) => succeed(userId))
  const replies = (await findUsers(scope, others)).values()
  return users.map(user => {
    if (!isGuess(user)) return succeed(user.userId)
    return toCertainId(requireResult(replies.next().value))
  })
}

/** Returns GenAuth's own id of one user who is not named by it. */
export async function findUserId(scope: CallerScope, user: UserRef): Promise<Result<string>> {
  const [found] = await findUsers(scope, [user])
  return toCertainId(requireResult(found))
}

/**
 * Returns a user who was found. It fails with `AMBIGUOUS_USER` if the identifier may name another user.
 */
export function requireCertain(found: Result<FoundUser>): Result<FoundUser> {
  return found.ok && found.value.isAmbiguous ? fail({ kind: 'AMBIGUOUS_USER', upstream: null }) : found
}

/** Returns GenAuth's own id of a user who was found. */
export function toCertainId(found: Result<FoundUser>): Result<string> {
  const certain = requireCertain(found)
  return certain.ok ? succeed(certain.value.ids.USER_ID) : certain
}

/**
 * Returns who the users are, in the order asked, within the reads and guesses that the caller has left. Each user is
 * counted as a read. A guess is counted as a miss before GenAuth is asked, and stays one if GenAuth knows no such
 * user. Those who are found are remembered for the request.
 */
export async function findUsers(scope: CallerScope, users: readonly UserRef[]): Promise<Result<FoundUser>[]> {
  const counted = await Promise.all(users.map(() => scope.limits.countRead()))
  const allowed = users.filter((_, index) => counted[index]?.ok)
  const known = allowed.filter(user => !isGuess(user))
  const [ofKnown, ofGuesses] = await Promise.all([
    known.length === 0 ? [] : scope.upstream.findUsers(known),
    guess(scope, allowed.filter(isGuess)),
  ])
  for (const found of [...ofKnown, ...ofGuesses]) remember(scope, found)
  const [knownResults, guessResults] = [ofKnown.values(), ofGuesses.values()]
  return users.map((user, index) => {
    const read = requireResult(counted[index])
    return read.ok ? requireResult((isGuess(user) ? guessResults : knownResults).next().value) : read
  })
}

/** An ambiguous reply is not remembered, because it may be about somebody else. */
function remember({ foundUsers }: CallerScope, found: Result<FoundUser>): void {
  if (found.ok && !found.value.isAmbiguous) foundUsers.set(found.value.ids.USER_ID, found.value)
}

/**
 * Asks for as many users together as the caller may still miss. Then it asks for as many of the rest as were given
 * back.
 */
async function guess(scope: CallerScope, users: readonly UserRef[]): Promise<Result<FoundUser>[]> {
  const { upstream, limits, context } = scope
  const results: Result<FoundUser>[] = []
  while (results.length < users.length) {
    const rest = users.slice(results.length)
    const reserved = await limits.reserveMisses(rest.length, context.deadline)
    if (!reserved.ok) return [...results, ...rest.map(() => fail(reserved.failure))]
    const { count, conclude } = reserved.value
    let misses = count
    try {
      const found = await upstream.findUsers(rest.slice(0, count))
      misses = found.filter(isMiss).length
      results.push(...found)
    } finally {
      conclude(misses)
    }
  }
  return results
}

/** Returns `true` if a caller can make up the identifier to find out whether it exists. */
export function isGuess({ userIdType }: UserRef): boolean {
  return userIdType !== 'USER_ID'
}

/**
 * Returns `true` if GenAuth itself replied that it knows no such user. A failure without that reply tells the caller
 * nothing of the user.
 */
export function isMiss(found: Result<unknown>): boolean {
  return !found.ok && found.failure.kind === 'USER_NOT_FOUND'
}

function requireResult<T>(result: T | undefined): T {
  if (result === undefined) throw new Error('The upstream left a user unanswered')
  return result
}
