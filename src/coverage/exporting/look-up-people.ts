import { toDisplayName, toUsername } from '../../mfa/account.ts'
import { maskEmail, maskPhone } from '../../mfa/mask.ts'
import type { MfaForCaller } from '../../mfa/mfa-service.ts'
import type { LookUpPeople } from './export-rows.ts'
import type { LookedUpPerson } from './exported-row.ts'

/**
 * Looks up the users of each page in one call, within the caller's limit of reads. Contacts are masked as in
 * `MfaAccount`.
 *
 * @param readsFor called for each page, because each has time of its own
 */
export function createLookUpPeople(readsFor: () => Pick<MfaForCaller['reads'], 'account'>): LookUpPeople {
  return userIds => {
    const reads = readsFor()
    return Promise.all(userIds.map(userId => lookUp(reads, userId)))
  }
}

async function lookUp(
  reads: Pick<MfaForCaller['reads'], 'account'>,
  userId: string,
): Promise<LookedUpPerson> {
  const found = await reads.account({ userId, userIdType: 'USER_ID' })
  if (!found.ok) return { kind: 'FAILED', failure: found.failure.kind }
  const { account } = found.value
  const person = {
    displayName: toDisplayName(account),
    username: toUsername(account),
    email: account.email && maskEmail(account.email),
    phone: account.phone && maskPhone(account.phone),
  }
  return { kind: 'FOUND', person }
}
