import { MFA_CHANGE_EFFECTS, type MfaChangeEffect } from './change-effect.ts'
import { isSameDisplay, isSameState } from './diff.ts'
import { inSignInOrder, type MfaFactor, toMfaFactorType } from './factor.ts'
import type { FactorChange } from './merge.ts'
import { MFA_CONTACT_FIELDS, MFA_FLAG_FIELDS, type MfaState } from './mfa-state.ts'
import type { MfaFieldChange } from './user-change.ts'

/** A change as the caller asks for it, and the resulting state. */
export interface AskedChange {
  readonly fields: MfaFieldChange
  readonly change: FactorChange
  readonly after: MfaState
}

/**
 * The account's own phone counts as a place to which a code can go. GenAuth publishes nothing that rules it out for a
 * user without an `mfaPhone`.
 */
const ACCOUNT_PHONE_FIELDS = ['phone', 'phoneCountryCode'] as const

/** The fields that say where a code goes. */
export const ADDRESS_FIELDS = [...MFA_CONTACT_FIELDS, ...ACCOUNT_PHONE_FIELDS] as const

/**
 * Returns the effects of a change, in the order of `MFA_CHANGE_EFFECTS`. A field or factor that a request names
 * counts even if the state is already so. Otherwise a refusal would tell whether a guess at a hidden phone or address
 * was right. An unknown state before, and a list that equals the state, count as both.
 */
export function findEffects(before: MfaState | null, asked: AskedChange): MfaChangeEffect[] {
  if (before === null) return [...MFA_CHANGE_EFFECTS]
  const { change, after } = asked
  if (change.kind === 'LIST' && isSameState(before, after)) return [...MFA_CHANGE_EFFECTS]
  const effects: readonly (MfaChangeEffect | null)[] = [
    asksToWeaken(before, asked) || weakens(before, after) ? 'WEAKENING' : null,
    asksToRedirect(asked) || redirects(before, after) ? 'REDIRECTING' : null,
  ]
  return effects.filter(effect => effect !== null)
}

/**
 * Returns `true` if a thief would gain by the change. This is the case if
 *
 * - an enabled factor is off or gone,
 * - a contact that codes go to is another or none,
 * - an enrolment is given up,
 * - a factor that this version does not know is lost.
 */
export function weakens(before: MfaState, after: MfaState): boolean {
  return (
    before.factors.some(factor => isLost(factor, after.factors)) ||
    MFA_CONTACT_FIELDS.some(field => before[field] && before[field] !== after[field]) ||
    MFA_FLAG_FIELDS.some(field => before[field] === true && after[field] !== true)
  )
}

/**
 * Returns `true` if the change says where a second factor goes or which one is asked first. This is the case if
 *
 * - a contact or the account's phone is another,
 * - a factor is newly on or newly listed,
 * - another factor comes first,
 * - factors that are on change places,
 * - an enrolment flag is newly set.
 *
 * GenAuth's sign-in pages may offer a listed factor, whether it is on or off, and begin with the lowest `sort`. So a
 * factor that is off counts by its place, too.
 */
export function redirects(before: MfaState, after: MfaState): boolean {
  return (
    MFA_CONTACT_FIELDS.some(field => (before[field] || null) !== (after[field] || null)) ||
    ACCOUNT_PHONE_FIELDS.some(field => !isSameDisplay(before, after, field)) ||
    MFA_FLAG_FIELDS.some(field => before[field] !== true && after[field] === true) ||
    after.factors.some(factor => isNew(factor, before.factors)) ||
    CHOICES.some(isOffered => firstOf(before.factors, isOffered) !== firstOf(after.factors, isOffered)) ||
    hasOtherOrder(before.factors, after.factors)
  )
}

/**
 * Returns `true` if enabled factors change places. A sign-in page may skip a factor that the user has not bound, so
 * any enabled one may be the first.
 */
function hasOtherOrder(before: readonly MfaFactor[], after: readonly MfaFactor[]): boolean {
  const [old, next] = [toOfferedCodes(before), toOfferedCodes(after)]
  const kept = old.filter(code => next.includes(code))
  return next.filter(code => old.includes(code)).some((code, place) => code !== kept[place])
}

function toOfferedCodes(factors: readonly MfaFactor[]): readonly string[] {
  const offered = factors.filter(({ code, enabled }) => enabled && toMfaFactorType(code) !== null)
  return [...new Set(inSignInOrder(offered).map(({ code }) => code))]
}

/**
 * The factors among which a sign-in page may look for the first. Some pages skip those that are off or that they do
 * not know.
 */
const CHOICES: readonly ((factor: MfaFactor) => boolean)[] = [
  () => true,
  ({ enabled }) => enabled,
  ({ code }) => toMfaFactorType(code) !== null,
  ({ code, enabled }) => enabled && toMfaFactorType(code) !== null,
]

/** Returns the code of the factor that comes first among those that are offered. `null` if none is. */
export function firstOf(
  factors: readonly MfaFactor[],
  isOffered: (factor: MfaFactor) => boolean,
): string | null {
  return inSignInOrder(factors.filter(isOffered))[0]?.code ?? null
}

function isNew({ code, enabled }: MfaFactor, before: readonly MfaFactor[]): boolean {
  const old = before.filter(factor => factor.code === code)
  return old.length === 0 || (enabled && !old.some(factor => factor.enabled))
}

function isLost({ code, enabled }: MfaFactor, after: readonly MfaFactor[]): boolean {
  const left = after.filter(factor => factor.code === code)
  if (enabled) return !left.some(factor => factor.enabled)
  return toMfaFactorType(code) === null && left.length === 0
}

function asksToWeaken(before: MfaState, { fields, change }: AskedChange): boolean {
  return (
    (change.kind === 'PATCH' && change.disable.length > 0) ||
    MFA_CONTACT_FIELDS.some(field => fields[field] !== undefined && before[field]) ||
    MFA_FLAG_FIELDS.some(field => fields[field] === false || fields[field] === null)
  )
}

function asksToRedirect({ fields, change }: AskedChange): boolean {
  return (
    (change.kind === 'PATCH' && change.enable.length > 0) ||
    ADDRESS_FIELDS.some(field => fields[field] !== undefined) ||
    MFA_FLAG_FIELDS.some(field => fields[field] === true)
  )
}
