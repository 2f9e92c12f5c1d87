import type { CallerScope } from './caller-scope.ts'
import { fail, type Result, succeed } from './failure.ts'
import type { UserIds, UserRef } from './user-ref.ts'

/**
 * GenAuth's own ids, in the order asked; a user named by it costs nothing. An identifier that may name somebody else
 * is refused (`AMBIGUOUS_USER`): what is done by such an id could hit the wrong person.
 */
export async function findUserIds(scope: CallerScope, users: readonly UserRef[]): Promise<Result<string>[]> {
  const others = users.filter(isGuess)
  if (others.length === 0) return users.map(({ userId }) => succeed(userId))
  const answers = (await findUsers(scope, others)).values()
  return users.map(user => {
    if (!isGuess(user)) return succeed(user.userId)
    return toCertainId(answered(answers.next().value))
  })
}

/** GenAuth's own id of a user who was found, unless the identifier may name somebody else (`AMBIGUOUS_USER`). */
export function toCertainId(found: Result<UserIds>): Result<string> {
  if (!found.ok) return found
  const { USER_ID, isAmbiguous } = found.value
  return isAmbiguous ? fail({ kind: 'AMBIGUOUS_USER', upstream: null }) : succeed(USER_ID)
}

/**
 * What users are called, in the order asked, within what the caller may still read and guess. Each is counted as a
 * read, and, before it is asked for, as a miss, which it stays if GenAuth knows nobody by that name.
 */
export async function findUsers(scope: CallerScope, users: readonly UserRef[]): Promise<Result<UserIds>[]> {
  const counted = await Promise.all(users.map(() => scope.limits.countRead()))
  const allowed = users.filter((_, index) => counted[index]?.ok)
  const known = allowed.filter(user => !isGuess(user))
  const [ofKnown, ofGuesses] = await Promise.all([
    known.length === 0 ? [] : scope.upstream.findUsers(known),
    guess(scope, allowed.filter(isGuess)),
  ])
  const [knownAnswers, guessAnswers] = [ofKnown.values(), ofGuesses.values()]
  return users.map((user, index) => {
    const read = answered(counted[index])
    return read.ok ? answered((isGuess(user) ? guessAnswers : knownAnswers).next().value) : read
  })
}

/** As many together as the caller may still miss, then as many of the rest as were given back. */
async function guess(scope: CallerScope, users: readonly UserRef[]): Promise<Result<UserIds>[]> {
  const { upstream, limits, context } = scope
  const answers: Result<UserIds>[] = []
  while (answers.length < users.length) {
    const rest = users.slice(answers.length)
    const reserved = await limits.reserveMisses(rest.length, context.deadline)
    if (!reserved.ok) return [...answers, ...rest.map(() => fail(reserved.failure))]
    const { count, conclude } = reserved.value
    let misses = count
    try {
      const found = await upstream.findUsers(rest.slice(0, count))
      misses = found.filter(isMiss).length
      answers.push(...found)
    } finally {
      conclude(misses)
    }
  }
  return answers
}

/** Whether an identifier can be made up by somebody who wants to know whether it exists. */
export function isGuess({ userIdType }: UserRef): boolean {
  return userIdType !== 'USER_ID'
}

/** GenAuth's own word that it knows nobody by that name. What it could not be asked tells nobody anything. */
export function isMiss(found: Result<unknown>): boolean {
  return !found.ok && found.failure.kind === 'USER_NOT_FOUND'
}

function answered<T>(answer: T | undefined): T {
  if (answer === undefined) throw new Error('The upstream left a user unanswered')
  return answer
}
