import { inSignInOrder, type MfaFactor } from './factor.ts'
import {
  MFA_DISPLAY_FIELDS,
  MFA_FACTOR_FIELDS,
  MFA_FLAG_FIELDS,
  MFA_TEXT_FIELDS,
  type MfaDisplayField,
  type MfaField,
  type MfaState,
} from './mfa-state.ts'

/** What became of one factor. `null`: it is not in the list. */
export interface MfaFactorChange {
  readonly code: string
  readonly before: MfaFactor | null
  readonly after: MfaFactor | null
}

/** The factors that differ, in the sign-in order after, then those that are gone. */
export function diffFactors(before: readonly MfaFactor[], after: readonly MfaFactor[]): MfaFactorChange[] {
  const old = byCodeAndOccurrence(before)
  const now = byCodeAndOccurrence(after)
  return [...new Set([...now.keys(), ...old.keys()])]
    .map(key => ({ before: old.get(key) ?? null, after: now.get(key) ?? null }))
    .filter(change => !isSameFactor(change.before, change.after))
    .map(change => ({ code: (change.after ?? change.before)?.code ?? '', ...change }))
}

/** The fields beside the factors that differ; of an unknown state before, all that are set. */
export function diffFields(before: MfaState | null, after: MfaState): MfaField[] {
  return [...MFA_TEXT_FIELDS, ...MFA_FLAG_FIELDS].filter(
    field => (before?.[field] || null) !== (after[field] || null),
  )
}

/** Whether a write would change nothing at all. */
export function isSameState(a: MfaState, b: MfaState): boolean {
  return isSameMfa(a, b) && MFA_DISPLAY_FIELDS.every(field => isSameDisplay(a, b, field))
}

/**
 * Whether a state that was read is the one that was meant. What is only for display counts where a text was
 * meant: GenAuth may fill a field that was cleared from the user's account.
 */
export function isIntended(observed: MfaState, intended: MfaState): boolean {
  return (
    isSameMfa(observed, intended) &&
    MFA_DISPLAY_FIELDS.every(field => !intended[field] || observed[field] === intended[field])
  )
}

/** Everything that decides how a user signs in. Unset, empty and false are the same thing. */
export function toMfaBasis(state: MfaState): unknown[] {
  return [
    ...MFA_FACTOR_FIELDS.map(field => state[field] || null),
    ...inSignInOrder(state.factors).map(({ code, enabled, sort }) => [code, enabled, sort]),
  ]
}

/** The same, and the texts for display: everything that a change can touch. */
export function toStateBasis(state: MfaState): unknown[] {
  return [...toMfaBasis(state), ...MFA_DISPLAY_FIELDS.map(field => state[field] || toUnread(state, field))]
}

/** Whether a text for display is the same, and what GenAuth holds in its place, too. */
export function isSameDisplay(a: MfaState, b: MfaState, field: MfaDisplayField): boolean {
  return (
    (a[field] || null) === (b[field] || null) &&
    JSON.stringify(toUnread(a, field)) === JSON.stringify(toUnread(b, field))
  )
}

/** In a list, so that no text can look like it. */
function toUnread({ displayAsRead }: MfaState, field: MfaDisplayField): readonly unknown[] | null {
  const value = displayAsRead?.[field]
  return value === undefined ? null : [value]
}

function isSameMfa(a: MfaState, b: MfaState): boolean {
  return JSON.stringify(toMfaBasis(a)) === JSON.stringify(toMfaBasis(b))
}

function isSameFactor(a: MfaFactor | null, b: MfaFactor | null): boolean {
  return a?.enabled === b?.enabled && a?.sort === b?.sort
}

/** GenAuth does not say that a factor stands in a list only once. */
function byCodeAndOccurrence(factors: readonly MfaFactor[]): Map<string, MfaFactor> {
  const found = new Map<string, MfaFactor>()
  const occurrences = new Map<string, number>()
  for (const factor of inSignInOrder(factors)) {
    const occurrence = occurrences.get(factor.code) ?? 0
    occurrences.set(factor.code, occurrence + 1)
    found.set(`${occurrence} ${factor.code}`, factor)
  }
  return found
}
