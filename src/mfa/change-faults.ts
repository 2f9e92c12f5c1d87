import { isInvisible } from '../base/invisible.ts'
import { type FactorChangeInput, findFactorChangeFaults } from './factor-change.ts'
import type { FieldError } from './failure-details.ts'
import { findReasonFault } from './reason-fault.ts'
import { findRevisionFault } from './revision.ts'
import type { SetUserMfaStatus } from './user-change.ts'
import { findUserIdFault, type UserRef } from './user-ref.ts'

/** Returns the faults of the name of a user, and of the revision that is expected. */
export function findUserFaults(
  user: UserRef & { readonly expectedRevision?: string | null | undefined },
): FieldError[] {
  const idFault = findUserIdFault(user)
  const revisionFault = user.expectedRevision == null ? null : findRevisionFault(user.expectedRevision)
  return [
    ...(idFault === null ? [] : [{ path: ['userId'], message: idFault }]),
    ...(revisionFault === null ? [] : [{ path: ['expectedRevision'], message: revisionFault }]),
  ]
}

/** Returns the faults of a change that do not depend on the user. */
export function findChangeFaults(
  wanted: FactorChangeInput & { readonly reason: string | null },
): FieldError[] {
  const reasonFault = wanted.reason === null ? null : findReasonFault(wanted.reason)
  const faults = findFactorChangeFaults(wanted)
  return reasonFault === null ? faults : [...faults, { path: ['reason'], message: reasonFault }]
}

/** Returns the faults of a token that is given. */
export function findTokenFaults({ triggerData }: Pick<SetUserMfaStatus, 'triggerData'>): FieldError[] {
  const { mfaToken } = triggerData
  if (mfaToken == null || !isInvisible(mfaToken)) return []
  return [
    { path: ['triggerData', 'mfaToken'], message: 'The token must not be blank; leave it out instead.' },
  ]
}
