import type { Account } from '../mfa/account.ts'
import type { MfaBindings } from '../mfa/bindings.ts'
import { inSignInOrder, type MfaFactorType, toMfaFactorType } from '../mfa/factor.ts'
import type { MfaState } from '../mfa/mfa-state.ts'
import type { PolicyApplication } from './application.ts'
import type { ForecastFactor } from './forecast.ts'

/** The facts of one user and one application that have to be read. */
export interface OfferedFacts {
  /** The state that GenAuth's own pages would be given at the sign-in. Its factors are those that they would offer. */
  readonly triggerData: MfaState
  readonly bindings: MfaBindings
}

/** `UNKNOWN` if the list of exempt users is too long, or could not be read. */
export type Exemption = 'EXEMPT' | 'NOT_EXEMPT' | 'UNKNOWN'

export interface ForecastFacts extends OfferedFacts {
  readonly application: PolicyApplication
  /** The contacts of the account. `null` if they were not read, because `needsAccount` says that nothing depends on them. */
  readonly account: Pick<Account, 'phone' | 'email'> | null
  readonly exemption: Exemption
  /** `true` if a function runs before a second factor is verified. `null` if that could not be read. */
  readonly hasPipelineFunction: boolean | null
}

/** Returns the factors that GenAuth's pages would offer, each with whether the user can pass it. */
export function toOfferedFactors({ triggerData, bindings }: OfferedFacts): ForecastFactor[] {
  return inSignInOrder(triggerData.factors).map(({ code, enabled, sort }) => {
    const type = toMfaFactorType(code)
    const bound = type === null ? null : isBoundAtSignIn(type, triggerData, bindings)
    return { code, type, switchedOn: enabled, sort, bound }
  })
}

/**
 * Judges as GenAuth's pages do. They send a code to the contact of the state, and let the user bind one if there is none.
 * The flags of the state decide only where the bindings say nothing.
 */
function isBoundAtSignIn(type: MfaFactorType, state: MfaState, bindings: MfaBindings): boolean | null {
  switch (type) {
    case 'SMS':
      return Boolean(state.mfaPhone)
    case 'EMAIL':
      return Boolean(state.mfaEmail)
    case 'OTP':
      return bindings.OTP ?? state.totpMfaEnabled
    case 'FACE':
      return bindings.FACE ?? state.faceMfaEnabled
  }
}

/** Returns `true` if the contacts of the account decide whether the user can bind an offered factor. */
export function needsAccount(facts: OfferedFacts): boolean {
  const offered = toOfferedFactors(facts)
  if (offered.some(({ bound }) => bound === true)) return false
  return offered.some(({ type }) => type === 'EMAIL' || (type === 'SMS' && !facts.triggerData.phone))
}

/** Returns `true` if a code could be sent to the account, once the user has bound this factor. */
export function hasContact(
  type: 'SMS' | 'EMAIL',
  { triggerData, account }: Pick<ForecastFacts, 'triggerData' | 'account'>,
): boolean {
  return type === 'SMS' ? Boolean(triggerData.phone || account?.phone) : Boolean(account?.email)
}
