/** The four factors that GenAuth's settings calls know. `OTP` is its word for TOTP. */
export const FACTORS = ['OTP', 'SMS', 'EMAIL', 'FACE'] as const

export type Factor = (typeof FACTORS)[number]

export interface ApplicationMfa {
  /** A free string, because front ends know factors, such as PASSKEY, that no management call lists. */
  mfaPolicy: string
  /** 1 is on, 0 is off. */
  status: number
  sort: number
}

/**
 * The object that `set-mfa-status` stores. The `mfaToken` is not part of it, because every read issues a new one.
 *
 * Contacts and `…Enabled` are also the user's bindings. Reading: a write through this API changes the bindings. No
 * document names another purpose of those fields.
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

/** One account at one source, which is an identity provider or a sync task. */
export interface SandboxIdentity {
  extIdpId: string
  provider: string
  userIdInIdp: string
}

/** Whether somebody may sign in. The last three are of people who left, in GenAuth's words. */
export type UserStatus = 'Activated' | 'Suspended' | 'Resigned' | 'Archived' | 'Deactivated'

export interface SandboxUser {
  userId: string
  status: UserStatus
  gender: 'M' | 'F' | 'U'
  username: string
  name: string
  nickname: string | null
  /** The national number, without the country code. */
  phone: string | null
  phoneCountryCode: string | null
  email: string | null
  externalId: string | null
  identities: SandboxIdentity[]
  syncRelations: SandboxIdentity[]
  customData: Record<string, string>
  departmentIds: string[]
  /** The applications that the user ever signed in to. Lists can be filtered by it, but nothing shows it. */
  loggedInApps: string[]
  /** ISO 8601, as is the next. */
  createdAt: string
  updatedAt: string
  /** ISO 8601, as is the next. `null` if it never happened. */
  lastLogin: string | null
  lastMfaTime: string | null
  /** `undefined` if nothing was ever stored. */
  mfa: StoredMfa | undefined
}
