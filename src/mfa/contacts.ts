import { findEmailFault } from './email-fault.ts'
import type { FieldError } from './failure-details.ts'
import { readCountryCode, readPhone } from './phone-number.ts'
import type { MfaFieldChange } from './user-change.ts'

type PhoneField = 'mfaPhone' | 'mfaPhoneCountryCode' | 'phone' | 'phoneCountryCode'
type PhoneChange = { readonly [F in PhoneField]?: string | null | undefined }

/** A phone shorter than this exists in no country. */
const MIN_DIGITS = 4

/** The fields as GenAuth stores them, and the faults of those that it cannot store. */
export interface ContactsRead<F extends MfaFieldChange> {
  readonly fields: F
  /** Relative to the fields. */
  readonly faults: readonly FieldError[]
}

/**
 * Reads the contacts of a change: its phones, country codes and e-mail address. A phone with `+` is split into its
 * country code and the number. A phone beside a country code is read as one number with it. A contact that is `null`
 * or left out stays so.
 */
export function readContacts<F extends MfaFieldChange>(fields: F): ContactsRead<F> {
  const factor = readPhoneFields(fields, 'mfaPhone', 'mfaPhoneCountryCode')
  const account = readPhoneFields(fields, 'phone', 'phoneCountryCode')
  const emailFault = fields.mfaEmail == null ? null : findEmailFault(fields.mfaEmail)
  return {
    fields: { ...fields, ...factor.change, ...account.change },
    faults: [
      ...factor.faults,
      ...account.faults,
      ...(emailFault === null ? [] : [{ path: ['mfaEmail'], message: emailFault }]),
    ],
  }
}

interface PhoneFieldsRead {
  readonly change: PhoneChange
  readonly faults: readonly FieldError[]
}

function readPhoneFields(
  fields: PhoneChange,
  phoneField: PhoneField,
  codeField: PhoneField,
): PhoneFieldsRead {
  const [phone, code] = [fields[phoneField], fields[codeField]]
  const readCode = code == null ? null : readCountryCode(code)
  if (readCode !== null && 'fault' in readCode) return refuse(codeField, readCode.fault)
  const ownCode = readCode?.code ?? null
  if (phone == null) return { change: ownCode === null ? {} : { [codeField]: ownCode }, faults: [] }

  const read = readPhone(phone)
  switch (read.kind) {
    case 'FAULTY':
      return refuse(phoneField, read.fault)
    case 'INTERNATIONAL': {
      const { national, countryCode } = read.number
      if (code !== undefined && ownCode !== `+${countryCode}`) {
        return refuse(codeField, `This is not the country code in ${phoneField}. Leave one of the two out.`)
      }
      return { change: { [phoneField]: national, [codeField]: `+${countryCode}` }, faults: [] }
    }
    case 'NATIONAL':
      if (ownCode !== null) {
        return readPhoneFields({ [phoneField]: `${ownCode}${read.digits}` }, phoneField, codeField)
      }
      return read.digits.length < MIN_DIGITS
        ? refuse(phoneField, `A phone has at least ${MIN_DIGITS} digits.`)
        : { change: { [phoneField]: read.digits }, faults: [] }
  }
}

function refuse(field: PhoneField, message: string): PhoneFieldsRead {
  return { change: {}, faults: [{ path: [field], message }] }
}
