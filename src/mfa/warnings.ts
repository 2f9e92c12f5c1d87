import { type MfaBindings, toPosture } from './bindings.ts'
import { type MfaFactor, type MfaFactorType, toMfaFactorType } from './factor.ts'
import type { MfaState } from './mfa-state.ts'

/** A fact that an operator should know about a change that is allowed all the same, or about the state after it. */
export type MfaWarningCode =
  | 'LOCK_NOT_SHARED'
  | 'LOOK_UP_FAILED'
  | 'SMS_WITHOUT_PHONE'
  | 'EMAIL_WITHOUT_EMAIL'
  | 'NO_BOUND_FACTOR'
  | 'LAST_FACTOR_REMOVED'
  | 'FACTOR_DISABLED_GLOBALLY'
  | 'APPLICATION_FOLLOWS_POOL'
  | 'NO_POOL_FACTOR'
  | 'USERS_WITHOUT_BOUND_FACTOR'
  | 'IDENTITY_SOURCES_NOT_SHOWN'

export interface MfaWarning {
  readonly code: MfaWarningCode
  readonly message: string
  /** The number of users that the warning is about, if it is about more than one user's state. */
  readonly users?: number
}

export interface WarningFacts {
  /** `null` if it is not known. */
  readonly before: MfaState | null
  readonly after: MfaState
  /** `false` if a write was made while other replicas may have held the lock of this user, too. */
  readonly isLockShared: boolean
  /** `null` if they were not read, because no factor is on, or could not be read. */
  readonly bindings: MfaBindings | null
  /** The factors that the user pool allows. `null` if they were not read or could not be read. */
  readonly globalFactors: readonly MfaFactorType[] | null
  /** `true` if a fact that is wanted could not be read. */
  readonly hasLookUpFailed: boolean
}

/**
 * Returns the warnings about a change and its resulting state, the most urgent first. A factor that this version does
 * not know never counts as one that is left.
 */
export function findWarnings(facts: WarningFacts): MfaWarning[] {
  const { before, after, isLockShared, bindings, globalFactors, hasLookUpFailed } = facts
  const enabled = enabledTypes(after.factors)
  const disabledGlobally = globalFactors === null ? [] : enabled.filter(type => !globalFactors.includes(type))
  const hadFactor = before === null || enabledTypes(before.factors).length > 0
  const warnings: (MfaWarning | false)[] = [
    !isLockShared && {
      code: 'LOCK_NOT_SHARED',
      message:
        'Another replica may have changed this user in that time, and one of the two changes may be lost. Read the user again.',
    },
    hasLookUpFailed && {
      code: 'LOOK_UP_FAILED',
      message: 'What the user has bound, or what the user pool allows, could not be read.',
    },
    enabled.includes('SMS') &&
      !after.mfaPhone && {
        code: 'SMS_WITHOUT_PHONE',
        message: 'SMS is on, and there is no phone to send codes to.',
      },
    enabled.includes('EMAIL') &&
      !after.mfaEmail && {
        code: 'EMAIL_WITHOUT_EMAIL',
        message: 'EMAIL is on, and there is no address to send codes to.',
      },
    bindings !== null &&
      toPosture(after.factors, bindings) === 'PENDING' && {
        code: 'NO_BOUND_FACTOR',
        message: 'The user has bound none of the factors that are on.',
      },
    enabled.length === 0 &&
      hadFactor && { code: 'LAST_FACTOR_REMOVED', message: 'No factor is left on that this version knows.' },
    disabledGlobally.length > 0 && {
      code: 'FACTOR_DISABLED_GLOBALLY',
      message: `Switched off for the whole user pool: ${disabledGlobally.join(', ')}.`,
    },
  ]
  return warnings.filter(warning => warning !== false)
}

function enabledTypes(factors: readonly MfaFactor[]): MfaFactorType[] {
  return factors.flatMap(({ code, enabled }) => {
    const type = toMfaFactorType(code)
    return enabled && type !== null ? [type] : []
  })
}
