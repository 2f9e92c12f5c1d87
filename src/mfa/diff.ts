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

/** The difference in one factor. A side is `null` if the factor is not in that list. */
export interface MfaFactorChange {
  readonly code: string
  readonly before: MfaFactor | null
  readonly after: MfaFactor | null
}

/** Returns the factors that differ, in the sign-in order after the change. Removed factors come last. */
export function diffFactors(before: readonly MfaFactor[], after: readonly MfaFactor[]): MfaFactorChange[] {
  const old = byCodeAndOccurrence(before)
  const now = byCodeAndOccurrence(after)
  return [...new Set([...now.keys(), ...old.keys()])]
    .map(key => ({ before: old.get(key) ?? null, after: now.get(key) ?? null }))
    .filter(change => !isSameFactor(change.before, change.after))
    .map(change => ({ code: (change.after ?? change.before)?.code ?? '', ...change }))
}

/**
 * Returns the fields that differ, without the factors. If the state before is unknown, these are all fields that have
 * a value.
 */
export function diffFields(before: MfaState | null, after: MfaState): MfaField[] {
  return [...MFA_TEXT_FIELDS, ...MFA_FLAG_FIELDS].filter(
    field => (before?.[field] || null) !== (after[field] || null),
  )
}

/** Returns `true` if a write would change nothing at all. */
export function isSameState(a: MfaState, b: MfaState): boolean {
  return isSameMfa(a, b) && MFA_DISPLAY_FIELDS.every(field => isSameDisplay(a, b, field))
}

/**
 * Returns `true` if a state that was read is the intended one. A field for display counts only if a text was
 * intended, because GenAuth may fill a cleared one from the user's account.
 */
export function isIntended(observed: MfaState, intended: MfaState): boolean {
  return (
    isSameMfa(observed, intended) &&
    MFA_DISPLAY_FIELDS.every(field => !intended[field] || observed[field] === intended[field])
  )
}

/** Returns everything that decides how a user signs in. Unset, empty and false are the same. */
export function toMfaBasis(state: MfaState): unknown[] {
  const basis: unknown[] = MFA_FACTOR_FIELDS.map(field => state[field] || null)
  for (const { code, enabled, sort } of inSignInOrder(state.factors)) basis.push([code, enabled, sort])
  return basis
}

/** Returns the same and the texts for display: everything that a change can touch. */
export function toStateBasis(state: MfaState): unknown[] {
  const basis = toMfaBasis(state)
  for (const field of MFA_DISPLAY_FIELDS) basis.push(state[field] || toUnread(state, field))
  return basis
}

/** Returns `true` if a text for display is the same, and also the value that GenAuth holds in its place. */
export function isSameDisplay(a: MfaState, b: MfaState, field: MfaDisplayField): boolean {
  return (
    (a[field] || null) === (b[field] || null) &&
    JSON.stringify(a.displayAsRead?.[field]) === JSON.stringify(b.displayAsRead?.[field])
  )
}

/** Returns the value in a list, so that no text can look like it. */
function toUnread({ displayAsRead }: MfaState, field: MfaDisplayField): readonly unknown[] | null {
  const value = displayAsRead?.[field]
  return value === undefined ? null : [value]
}

/** Compares what `toMfaBasis` returns. */
function isSameMfa(a: MfaState, b: MfaState): boolean {
  return (
    MFA_FACTOR_FIELDS.every(field => (a[field] || null) === (b[field] || null)) &&
    areSameFactors(inSignInOrder(a.factors), inSignInOrder(b.factors))
  )
}

function areSameFactors(these: readonly MfaFactor[], those: readonly MfaFactor[]): boolean {
  return (
    these.length === those.length &&
    these.every((factor, index) => {
      const other = those[index] ?? null
      return factor.code === other?.code && isSameFactor(factor, other)
    })
  )
}

function isSameFactor(a: MfaFactor | null, b: MfaFactor | null): boolean {
  return a?.enabled === b?.enabled && a?.sort === b?.sort
}

/**
 * Returns the factors by code and occurrence, because GenAuth does not say that a factor stands in a list only once.
 */
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
