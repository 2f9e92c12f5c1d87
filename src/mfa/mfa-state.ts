import type { MfaFactor } from './factor.ts'

/** The contacts to which codes are sent. */
export const MFA_CONTACT_FIELDS = ['mfaPhone', 'mfaPhoneCountryCode', 'mfaEmail'] as const

/** The account's own texts, which a state carries for display. They decide nothing. */
export const MFA_DISPLAY_FIELDS = ['nickname', 'username', 'phone', 'phoneCountryCode'] as const

/**
 * The flags of a state, which say that this user has enrolled the factor. A flag is `null` if GenAuth does not say.
 */
export const MFA_FLAG_FIELDS = ['faceMfaEnabled', 'totpMfaEnabled'] as const

/** The text fields of a state. A field is `null` if it has no value. */
export const MFA_TEXT_FIELDS = [...MFA_CONTACT_FIELDS, ...MFA_DISPLAY_FIELDS] as const

/** The fields that decide how a user signs in, without the factors. */
export const MFA_FACTOR_FIELDS = [...MFA_CONTACT_FIELDS, ...MFA_FLAG_FIELDS] as const

export type MfaDisplayField = (typeof MFA_DISPLAY_FIELDS)[number]
export type MfaTextField = (typeof MFA_TEXT_FIELDS)[number]
export type MfaFlagField = (typeof MFA_FLAG_FIELDS)[number]

export type MfaField = MfaTextField | MfaFlagField

/** The state that GenAuth stores for one user's MFA. A write replaces the whole of it. */
export type MfaState = { readonly [F in MfaTextField]: string | null } & {
  readonly [F in MfaFlagField]: boolean | null
} & {
  readonly factors: readonly MfaFactor[]
  /**
   * The values that GenAuth holds in the place of texts for display and that are no texts. They are written back
   * unchanged.
   */
  readonly displayAsRead?: Readonly<Partial<Record<MfaDisplayField, unknown>>>
}

/**
 * A state as read, with the token that a write must carry. The token is `null` if GenAuth gave none. It is a live
 * bearer credential for the user's second factor: it goes back to GenAuth and nowhere else.
 */
export interface StoredMfa {
  readonly state: MfaState
  readonly mfaToken: string | null
}

/** The state without any value. GenAuth's `data: null` means it, and a whole replacement starts from it. */
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
