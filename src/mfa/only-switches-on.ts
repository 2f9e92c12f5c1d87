import { type MfaFactor, toMfaFactorType } from './factor.ts'
import { ADDRESS_FIELDS, type AskedChange, findEffects, firstOf, redirects } from './find-change-effects.ts'
import { MFA_FLAG_FIELDS, type MfaState } from './mfa-state.ts'

/** The fields that have an effect if a request names them. */
const FIELDS_WITH_EFFECT = [...ADDRESS_FIELDS, ...MFA_FLAG_FIELDS] as const

/**
 * Returns `true` if the only effect of a change is that it switches factors on, behind the factor that is asked first.
 * Without those factors, it has no effect. It names no contact and no enrolment flag, because another contact may be
 * that of a thief.
 */
export function onlySwitchesOn(before: MfaState, asked: AskedChange): boolean {
  const { fields, after } = asked
  if (findEffects(before, asked).includes('WEAKENING')) return false
  if (FIELDS_WITH_EFFECT.some(field => fields[field] !== undefined)) return false
  const wasOn = toEnabledCodes(before)
  const isKept = ({ code, enabled }: MfaFactor) => !enabled || wasOn.has(code)
  const newCodes = new Set(after.factors.filter(factor => !isKept(factor)).map(({ code }) => code))
  const withoutNew = (state: MfaState): MfaState => ({
    ...state,
    factors: state.factors.filter(({ code }) => !newCodes.has(code)),
  })
  if (redirects(withoutNew(before), withoutNew(after))) return false
  const first = firstOf(before.factors, isAsked)
  return first === null || first === firstOf(after.factors, isAsked)
}

function toEnabledCodes({ factors }: MfaState): ReadonlySet<string> {
  return new Set(factors.filter(({ enabled }) => enabled).map(({ code }) => code))
}

function isAsked({ code, enabled }: MfaFactor): boolean {
  return enabled && toMfaFactorType(code) !== null
}
