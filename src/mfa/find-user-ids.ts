import type { CallerLimits } from './caller-limits.ts'
import { fail, type Result, succeed } from './failure.ts'
import type { MfaUpstream } from './upstream.ts'
import type { UserIds, UserRef } from './user-ref.ts'

/** GenAuth's own ids, in the order asked; a user named by it costs nothing. */
export async function findUserIds(
  upstream: MfaUpstream,
  limits: CallerLimits,
  users: readonly UserRef[],
): Promise<Result<string>[]> {
  const others = users.filter(({ userIdType }) => userIdType !== 'USER_ID')
  if (others.length === 0) return users.map(({ userId }) => succeed(userId))
  const answers = (await findUsers(upstream, limits, others)).values()
  return users.map(({ userId, userIdType }) => {
    if (userIdType === 'USER_ID') return succeed(userId)
    const found = answered(answers.next().value)
    return found.ok ? succeed(found.value.USER_ID) : found
  })
}

/**
 * What users are called, in the order asked, within what the caller may still guess: an identifier that finds
 * nobody uses that up.
 */
export async function findUsers(
  upstream: MfaUpstream,
  limits: CallerLimits,
  users: readonly UserRef[],
): Promise<Result<UserIds>[]> {
  const refusals = await Promise.all(users.map(user => limits.mayLookUp(user)))
  const allowed = users.filter((_, index) => refusals[index] === null)
  const answers = (await upstream.findUsers(allowed)).values()
  return Promise.all(
    users.map(async (user, index) => {
      const refusal = refusals[index]
      if (refusal != null) return fail(refusal)
      const found = answered(answers.next().value)
      if (!found.ok && found.failure.kind === 'USER_NOT_FOUND') await limits.countMiss(user)
      return found
    }),
  )
}

function answered<T>(answer: T | undefined): T {
  if (answer === undefined) throw new Error('The upstream left a user unanswered')
  return answer
}
