import type { MfaFactor } from './factor.ts'

/** Where codes are sent. */
export const MFA_CONTACT_FIELDS = ['mfaPhone', 'mfaPhoneCountryCode', 'mfaEmail'] as const

/** The account's own texts, which a state carries for display. They decide nothing. */
export const MFA_DISPLAY_FIELDS = ['nickname', 'username', 'phone', 'phoneCountryCode'] as const

/** The flags that a state carries: "this user has enrolled it". `null`: GenAuth does not say. */
export const MFA_FLAG_FIELDS = ['faceMfaEnabled', 'totpMfaEnabled'] as const

/** The text fields that a state carries beside its factors. `null`: not set. */
export const MFA_TEXT_FIELDS = [...MFA_CONTACT_FIELDS, ...MFA_DISPLAY_FIELDS] as const

/** The fields that decide how a user signs in, beside the factors. */
export const MFA_FACTOR_FIELDS = [...MFA_CONTACT_FIELDS, ...MFA_FLAG_FIELDS] as const

export type MfaDisplayField = (typeof MFA_DISPLAY_FIELDS)[number]
export type MfaTextField = (typeof MFA_TEXT_FIELDS)[number]
export type MfaFlagField = (typeof MFA_FLAG_FIELDS)[number]

export type MfaField = MfaTextField | MfaFlagField

/** What GenAuth stores for one user's MFA. A write replaces the whole of it. */
export type MfaState = { readonly [F in MfaTextField]: string | null } & {
  readonly [F in MfaFlagField]: boolean | null
} & {
  readonly factors: readonly MfaFactor[]
  /** What GenAuth holds in the place of a text for display and is no text. It is written back unchanged. */
  readonly displayAsRead?: Readonly<Partial<Record<MfaDisplayField, unknown>>>
}

/**
 * A state as read, with the token that a write must carry. The token is a live bearer credential for the user's
 * second factor: it goes back to GenAuth and nowhere else. `null`: GenAuth gave none.
 */
export interface StoredMfa {
  readonly state: MfaState
  readonly mfaToken: string | null
}

/** Nothing set: what `data: null` means, and what a whole replacement starts from. */
export const EMPTY_MFA_STATE: MfaState = {
  mfaPhone: null,
  mfaPhoneCountryCode: null,
  mfaEmail: null,
  nickname: null,
  username: null,
  phone: null,
  phoneCountryCode: null,
  faceMfaEnabled: null,
  totpMfaEnabled: null,
  factors: [],
}
