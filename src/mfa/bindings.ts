import { type MfaFactor, type MfaFactorType, toMfaFactorType } from './factor.ts'

/** The factors that a user has really bound. A factor is `null` if GenAuth cannot tell. */
export type MfaBindings = { readonly [T in MfaFactorType]: boolean | null }

export const MFA_POSTURES = ['PROTECTED', 'PENDING', 'UNPROTECTED', 'UNKNOWN'] as const

/** How well a user is protected at sign-in. */
export type MfaPosture = (typeof MFA_POSTURES)[number]

/**
 * Returns `true` if the user has bound this factor, or `null` if GenAuth cannot tell or this version does not know
 * the factor.
 */
export function isBound(factor: MfaFactor, bindings: MfaBindings): boolean | null {
  const type = toMfaFactorType(factor.code)
  return type === null ? null : bindings[type]
}

/**
 * Returns how well the factors protect a user. An enabled and bound factor protects. If no enabled factor is bound,
 * the user has yet to bind one. An enabled factor about which GenAuth cannot tell never counts as protection. It
 * decides only if there are no others.
 */
export function toPosture(factors: readonly MfaFactor[], bindings: MfaBindings): MfaPosture {
  const bound = factors.filter(factor => factor.enabled).map(factor => isBound(factor, bindings))
  if (bound.length === 0) return 'UNPROTECTED'
  if (bound.includes(true)) return 'PROTECTED'
  return bound.includes(false) ? 'PENDING' : 'UNKNOWN'
}
