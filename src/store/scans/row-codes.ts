import type { AccountStatus } from '../../mfa/account.ts'
import type { MfaBindings, MfaPosture } from '../../mfa/bindings.ts'
import { MFA_FACTOR_TYPES, type MfaFactorType } from '../../mfa/factor.ts'

/** Numbers that stand in stores. None may change or be used again. */
export const STATUS_CODES: Readonly<Record<AccountStatus, number>> = {
  ACTIVATED: 1,
  SUSPENDED: 2,
  RESIGNED: 3,
  ARCHIVED: 4,
  DEACTIVATED: 5,
}

export const POSTURE_CODES: Readonly<Record<MfaPosture, number>> = {
  PROTECTED: 1,
  PENDING: 2,
  UNPROTECTED: 3,
  UNKNOWN: 4,
}

/** Each factor has two bits: that it is bound, and that GenAuth cannot tell. */
export interface FactorBits {
  readonly bound: number
  readonly untold: number
}

export const FACTOR_BITS: Readonly<Record<MfaFactorType, FactorBits>> = {
  SMS: { bound: 1, untold: 2 },
  EMAIL: { bound: 4, untold: 8 },
  OTP: { bound: 16, untold: 32 },
  FACE: { bound: 64, untold: 128 },
}

/** The bits of all factors that say that one is bound. */
export const ANY_BOUND = MFA_FACTOR_TYPES.reduce((bits, type) => bits | FACTOR_BITS[type].bound, 0)

export function toBindingBits(bindings: MfaBindings): number {
  return MFA_FACTOR_TYPES.reduce((bits, type) => {
    const { bound, untold } = FACTOR_BITS[type]
    const isBound = bindings[type]
    return bits | (isBound === null ? untold : isBound ? bound : 0)
  }, 0)
}

export function toBindings(bits: number): MfaBindings {
  const read = (type: MfaFactorType): boolean | null => {
    const { bound, untold } = FACTOR_BITS[type]
    return (bits & untold) === 0 ? (bits & bound) !== 0 : null
  }
  return { SMS: read('SMS'), EMAIL: read('EMAIL'), OTP: read('OTP'), FACE: read('FACE') }
}

/** Returns the word of a number. `null` stands for itself, and for a number that this version does not know. */
export function toWord<W extends string>(codes: Readonly<Record<W, number>>, code: number | null): W | null {
  for (const word in codes) if (codes[word] === code) return word
  return null
}
