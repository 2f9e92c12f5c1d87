import type { CallerLimits } from './caller-limits.ts'
import { fail, type Result } from './failure.ts'
import type { MfaUpstream } from './upstream.ts'
import type { UserRef } from './user-ref.ts'

/**
 * GenAuth's own ids, in the order asked, within what the caller may still guess: an identifier that finds nobody
 * uses that up.
 */
export async function findUserIds(
  upstream: MfaUpstream,
  limits: CallerLimits,
  users: readonly UserRef[],
): Promise<Result<string>[]> {
  const refusals = await Promise.all(users.map(user => limits.mayLookUp(user)))
  const allowed = users.filter((_, index) => refusals[index] === null)
  const answers = (await upstream.findUserIds(allowed)).values()
  return Promise.all(
    users.map(async (user, index) => {
      const refusal = refusals[index]
      if (refusal != null) return fail(refusal)
      const found = answers.next().value
      if (found === undefined) throw new Error('The upstream left a user unanswered')
      if (!found.ok && found.failure.kind === 'USER_NOT_FOUND') await limits.countMiss(user)
      return found
    }),
  )
}
