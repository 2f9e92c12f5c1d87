/** The factors this version knows. GenAuth may hold others; they are shown and kept, never set. */
export const MFA_FACTOR_TYPES = ['SMS', 'EMAIL', 'OTP', 'FACE'] as const

export type MfaFactorType = (typeof MFA_FACTOR_TYPES)[number]

/** One entry of a user's factor list. */
export interface MfaFactor {
  /** As GenAuth spells it, so that an unknown factor is never lost. */
  readonly code: string
  readonly enabled: boolean
  /** Ascending sign-in order; ties are normal. */
  readonly sort: number
  /** GenAuth's own number where it was read: anything but 0 is on. Written back unchanged for a kept factor. */
  readonly statusAsRead?: number
}

/** The known type behind a code, or null. */
export function toMfaFactorType(code: string): MfaFactorType | null {
  return MFA_FACTOR_TYPES.find(type => type === code) ?? null
}

/** In sign-in order: by `sort`, ties in the order in which GenAuth lists them. */
export function inSignInOrder(factors: readonly MfaFactor[]): MfaFactor[] {
  return factors.toSorted((a, b) => a.sort - b.sort)
}
