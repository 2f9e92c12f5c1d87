import { type MfaFactor, type MfaFactorType, toMfaFactorType } from './factor.ts'

/** Which factors a user has really bound. `null`: GenAuth cannot tell. */
export type MfaBindings = { readonly [T in MfaFactorType]: boolean | null }

/** How well a user is protected at sign-in. */
export type MfaPosture = 'PROTECTED' | 'PENDING' | 'UNPROTECTED' | 'UNKNOWN'

/** Whether the user has bound this factor; null for a factor that this version does not know. */
export function isBound(factor: MfaFactor, bindings: MfaBindings): boolean | null {
  const type = toMfaFactorType(factor.code)
  return type === null ? null : bindings[type]
}

/**
 * A bound and enabled factor protects. Where none is bound, the user is still to bind one; factors that nobody
 * can tell about never count as protection, and decide only when there are no others.
 */
export function toPosture(factors: readonly MfaFactor[], bindings: MfaBindings): MfaPosture {
  const bound = factors.filter(factor => factor.enabled).map(factor => isBound(factor, bindings))
  if (bound.length === 0) return 'UNPROTECTED'
  if (bound.includes(true)) return 'PROTECTED'
  return bound.includes(false) ? 'PENDING' : 'UNKNOWN'
}
