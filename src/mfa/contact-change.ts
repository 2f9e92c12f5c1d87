import { maskEmail, maskPhone } from './mask.ts'
import type { MfaState } from './mfa-state.ts'

const asItIs = (text: string) => text

/** The contacts of a state by the names that callers see. The account's own phone counts as one. */
const CONTACTS = [
  { field: 'PHONE', stored: 'mfaPhone', mask: maskPhone },
  { field: 'PHONE_COUNTRY_CODE', stored: 'mfaPhoneCountryCode', mask: asItIs },
  { field: 'EMAIL', stored: 'mfaEmail', mask: maskEmail },
  { field: 'ACCOUNT_PHONE', stored: 'phone', mask: maskPhone },
  { field: 'ACCOUNT_PHONE_COUNTRY_CODE', stored: 'phoneCountryCode', mask: asItIs },
] as const

export type MfaContactField = (typeof CONTACTS)[number]['field']

/** The difference in one contact, masked. A side is `null` if there is no contact. */
export interface MfaContactChange {
  readonly field: MfaContactField
  readonly before: string | null
  readonly after: string | null
}

/** Returns the contacts that differ, masked. Two that differ may look the same. */
export function diffContacts(before: MfaState, after: MfaState): MfaContactChange[] {
  return CONTACTS.flatMap(({ field, stored, mask }) => {
    const [old, now] = [before[stored] || null, after[stored] || null]
    return old === now ? [] : [{ field, before: old && mask(old), after: now && mask(now) }]
  })
}
