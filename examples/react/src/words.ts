import type {
  FactorChangeFieldsFragment,
  MfaContactField,
  MfaFactorType,
  MfaPolicyRule,
  MfaPosture,
  MfaUserStatus,
  UserIdType,
} from '../generated/graphql.ts'

// Each table has every value of its enum, or it does not compile.

export const FACTORS: Readonly<Record<MfaFactorType, string>> = {
  SMS: 'Code by text message',
  EMAIL: 'Code by e-mail',
  OTP: 'Authenticator app',
  FACE: 'Face recognition',
}

export const IDENTIFIERS: Readonly<Record<UserIdType, string>> = {
  EMAIL: 'E-mail address',
  PHONE: 'Phone number',
  USERNAME: 'User name',
  USER_ID: 'GenAuth id',
  EXTERNAL_ID: 'Id in our own system',
  IDENTITY: 'Identity at a sign-in provider',
  SYNC_RELATION: 'Identity at a directory',
  CUSTOM_FIELD: 'Custom field',
}

export const CONTACTS: Readonly<Record<MfaContactField, string>> = {
  EMAIL: 'E-mail address for codes',
  PHONE: 'Phone for codes',
  PHONE_COUNTRY_CODE: 'Country code of the phone for codes',
  ACCOUNT_PHONE: 'Phone of the account',
  ACCOUNT_PHONE_COUNTRY_CODE: 'Country code of the phone of the account',
}

export const STATUSES: Readonly<Record<MfaUserStatus, string>> = {
  ACTIVATED: 'in use',
  SUSPENDED: 'suspended',
  RESIGNED: 'has left',
  ARCHIVED: 'archived',
  DEACTIVATED: 'switched off',
}

export const POSTURES: Readonly<Record<MfaPosture, string>> = {
  PROTECTED: 'Protected: a factor is on, and the user has bound it.',
  PENDING: 'Not protected yet: factors are on, and the user has bound none of them.',
  UNPROTECTED: 'Not protected: no factor is on.',
  UNKNOWN: 'Unknown: GenAuth cannot tell what the user has bound.',
}

export const RULES: Readonly<Record<MfaPolicyRule, string>> = {
  PROTECTED_USER: 'This person is protected here: nobody may weaken or redirect their second factors.',
  NO_FACTOR: 'It would leave the user without any factor.',
  OWN_USER: 'Nobody may weaken or redirect their own second factors: ask a colleague.',
  CALLER_UNKNOWN: 'Your token does not say who you are in GenAuth.',
  REASON_REQUIRED: 'Give a reason.',
}

/** Returns the name of a factor. One that this page does not know has the name that GenAuth gives it. */
export function nameFactor(code: string): string {
  const known = Object.entries(FACTORS).find(([type]) => type === code)
  return known?.[1] ?? code
}

/** Returns the difference in one factor in words: `on → off`. */
export function describeChange({
  before,
  after,
}: Pick<FactorChangeFieldsFragment, 'before' | 'after'>): string {
  const toWord = (state: typeof before) => (state === null ? 'not listed' : state.enabled ? 'on' : 'off')
  const moves = before !== null && after !== null && before.sort !== after.sort
  return `${toWord(before)} → ${toWord(after)}${moves ? ', at another place' : ''}`
}
