/** The factors that this version knows. GenAuth may hold others. They are shown and kept, but never changed. */
export const MFA_FACTOR_TYPES = ['SMS', 'EMAIL', 'OTP', 'FACE'] as const

export type MfaFactorType = (typeof MFA_FACTOR_TYPES)[number]

/** One entry of a user's factor list. */
export interface MfaFactor {
  /** The name in GenAuth's spelling, so that an unknown factor is never lost. */
  readonly code: string
  readonly enabled: boolean
  /** The place in the ascending sign-in order. Ties are normal. */
  readonly sort: number
  /**
   * GenAuth's own number, if the factor was read. Any number but 0 is on. It is written back unchanged for a kept
   * factor.
   */
  readonly statusAsRead?: number
}

/** Returns the known type of a code, or `null` if this version does not know it. */
export function toMfaFactorType(code: string): MfaFactorType | null {
  return MFA_FACTOR_TYPES.find(type => type === code) ?? null
}

/** Returns the factors in sign-in order: by `sort`, with ties in GenAuth's own order. */
export function inSignInOrder(factors: readonly MfaFactor[]): MfaFactor[] {
  return factors.toSorted((a, b) => a.sort - b.sort)
}

/** Returns `true` if any factor that this version knows is on. Only then can a read tell more than the state does. */
export function hasEnabledType(factors: readonly MfaFactor[]): boolean {
  return factors.some(({ code, enabled }) => enabled && toMfaFactorType(code) !== null)
}
