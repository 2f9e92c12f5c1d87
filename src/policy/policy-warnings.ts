import { toMfaFactorType } from '../mfa/factor.ts'
import type { MfaWarning } from '../mfa/warnings.ts'
import type { PoolChange } from './set-pool-policy.ts'
import type { ApplicationChange } from './switch-application-factors.ts'
import type { UnboundUsers } from './unbound-users.ts'

const LOCK_NOT_SHARED = {
  code: 'LOCK_NOT_SHARED',
  message:
    'Another replica may have switched factors in that time, and one of the two changes may be lost. Read them again.',
} as const

/**
 * Returns the warnings about a change of the pool, the most urgent first.
 *
 * @param unbound `null` if no scan says it
 */
export function findPoolWarnings(change: PoolChange, unbound: UnboundUsers | null): MfaWarning[] {
  const warnings: (MfaWarning | false)[] = [
    change.kind === 'POOL_CHANGED' && !change.isLockShared && LOCK_NOT_SHARED,
    change.after.enabledFactors.length === 0 && {
      code: 'NO_POOL_FACTOR',
      message: 'No factor is on for the user pool that this version knows.',
    },
    unbound !== null &&
      unbound.users > 0 && {
        code: 'USERS_WITHOUT_BOUND_FACTOR',
        message: toUnboundMessage(unbound),
        users: unbound.users,
      },
    {
      code: 'IDENTITY_SOURCES_NOT_SHOWN',
      message: 'GenAuth can skip MFA for users of an identity source, and no call shows for which.',
    },
  ]
  return warnings.filter(warning => warning !== false)
}

function toUnboundMessage({ users, countedAtMs }: UnboundUsers): string {
  const have = users === 1 ? '1 activated user has' : `${users} activated users have`
  const day = new Date(countedAtMs).toISOString().slice(0, 'YYYY-MM-DD'.length)
  return `${have} bound no factor, by the scan that ended on ${day} (UTC).`
}

/** Returns the warnings about a change of an application, the most urgent first. */
export function findApplicationWarnings(change: ApplicationChange): MfaWarning[] {
  const { application } = change
  const isChanged = change.kind === 'APPLICATION_CHANGED'
  const warnings: (MfaWarning | false)[] = [
    isChanged && !change.isLockShared && LOCK_NOT_SHARED,
    application.hasOwnRules === false && {
      code: 'APPLICATION_FOLLOWS_POOL',
      message: 'The application follows the rules of the user pool, so its own factors have no effect now.',
    },
    isChanged &&
      !change.codes.some(code => toMfaFactorType(code) !== null) && {
        code: 'LAST_FACTOR_REMOVED',
        message: 'No factor is left on that this version knows.',
      },
  ]
  return warnings.filter(warning => warning !== false)
}
