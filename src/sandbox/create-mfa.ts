import type { ApplicationMfa, Factor, StoredMfa } from './user.ts'

/** Factor lists of the generated users: empty, one, several, some off, ties in sort. */
export const FACTOR_LISTS: readonly (readonly ApplicationMfa[])[] = [
  [factor('SMS', 1, 0)],
  [factor('OTP', 1, 0), factor('EMAIL', 1, 1)],
  [],
  [factor('EMAIL', 1, 0), factor('SMS', 1, 0), factor('OTP', 1, 0)],
  [factor('SMS', 0, 0), factor('OTP', 0, 1)],
  [factor('FACE', 1, 1), factor('SMS', 1, 0), factor('OTP', 0, 2), factor('EMAIL', 0, 3)],
  [factor('OTP', 1, 0)],
]

/** Creates the object that a user has stored: a copy of the factors, and nothing bound but what is given. */
export function createMfa(factors: readonly ApplicationMfa[], bound: Partial<StoredMfa>): StoredMfa {
  return {
    mfaPhone: null,
    mfaPhoneCountryCode: null,
    mfaEmail: null,
    nickname: null,
    username: null,
    phone: null,
    phoneCountryCode: null,
    faceMfaEnabled: false,
    totpMfaEnabled: false,
    applicationMfa: factors.map(entry => ({ ...entry })),
    ...bound,
  }
}

/** Creates an entry of a factor list. */
export function factor(mfaPolicy: Factor | 'PASSKEY', status: 0 | 1, sort: number): ApplicationMfa {
  return { mfaPolicy, status, sort }
}
