/** The four factors that GenAuth's settings calls know; `OTP` is its word for TOTP. */
export const FACTORS = ['OTP', 'SMS', 'EMAIL', 'FACE'] as const

export type Factor = (typeof FACTORS)[number]

export interface ApplicationMfa {
  /** A free string: front ends know factors, such as PASSKEY, that no management call lists. */
  mfaPolicy: string
  /** 1 is on, 0 is off. */
  status: number
  sort: number
}

/**
 * What set-mfa-status stores. The `mfaToken` is not part of it: every read mints a new one.
 *
 * Contacts and `…Enabled` double as the user's bindings. That a write through this API changes what is bound
 * is a reading: no document says what else those fields could be for.
 */
export interface StoredMfa {
  mfaPhone: string | null
  mfaPhoneCountryCode: string | null
  mfaEmail: string | null
  nickname: string | null
  username: string | null
  phone: string | null
  phoneCountryCode: string | null
  faceMfaEnabled: boolean
  totpMfaEnabled: boolean
  applicationMfa: ApplicationMfa[]
}

/** One account at one source, an identity provider's or a sync task's. */
export interface SandboxIdentity {
  extIdpId: string
  provider: string
  userIdInIdp: string
}

export interface SandboxUser {
  userId: string
  status: 'Activated' | 'Suspended'
  gender: 'M' | 'F' | 'U'
  username: string
  name: string
  nickname: string | null
  /** National number, without the country code. */
  phone: string | null
  phoneCountryCode: string | null
  email: string | null
  externalId: string | null
  identities: SandboxIdentity[]
  syncRelations: SandboxIdentity[]
  customData: Record<string, string>
  departmentIds: string[]
  /** ISO 8601, as is the next. */
  createdAt: string
  updatedAt: string
  /** Undefined: nothing was ever stored. */
  mfa: StoredMfa | undefined
}
