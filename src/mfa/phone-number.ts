import { createRequire } from 'node:module'
import type * as PhoneLibrary from 'libphonenumber-js/min'

/** A phone with its country code, in the parts that GenAuth stores. */
export interface PhoneNumber {
  /** The digits of the country code, without `+`. */
  readonly countryCode: string
  /** The number within the country. Italy's begin with a zero. */
  readonly national: string
  /** The whole number as in `+8613800000001`. */
  readonly e164: string
}

/** A phone as it was read, or what is wrong with it. The fault never repeats the phone. */
export type PhoneReading =
  | { readonly kind: 'INTERNATIONAL'; readonly number: PhoneNumber }
  | { readonly kind: 'NATIONAL'; readonly digits: string }
  | { readonly kind: 'FAULTY'; readonly fault: string }

/** Blanks, dashes, brackets and dots. They group the digits and mean nothing. */
const SEPARATORS = /[\p{Zs}\p{Pd}\p{Ps}\p{Pe}\u2212.]/gu
/** E.164 has no longer number. */
const MAX_DIGITS = 15

const NO_COUNTRY = 'No country has this country code. Correct it.'

/** Loads the library with the first phone that has a country code: 30 ms that no other request or start pays. */
const loadModule = createRequire(import.meta.url)
function library(): typeof PhoneLibrary {
  return loadModule('libphonenumber-js/min')
}

/** Returns a phone without blanks, dashes, brackets and dots. */
export function dropSeparators(phone: string): string {
  return phone.replace(SEPARATORS, '')
}

/**
 * Reads a phone. With a `+` it must have the code of a country, and as many digits as phones of that country have.
 * Without one, only GenAuth knows what it means. Other digits than ASCII's, letters and extensions are faults.
 */
export function readPhone(phone: string): PhoneReading {
  const text = dropSeparators(phone)
  if (!/^\+?\d+$/.test(text)) {
    return faulty('A phone holds digits alone, with + and a country code before them if you know it.')
  }
  if (text.startsWith('00')) return faulty('Write + before the country code in place of 00.')
  if (text.startsWith('+')) return readInternational(text)
  return text.length > MAX_DIGITS
    ? faulty(`A phone has at most ${MAX_DIGITS} digits.`)
    : { kind: 'NATIONAL', digits: text }
}

/** Reads a country code, with or without `+`, and returns it as in `+86`. */
export function readCountryCode(code: string): { readonly code: string } | { readonly fault: string } {
  const digits = /^\+?([1-9]\d{0,2})$/.exec(dropSeparators(code))?.[1]
  return digits === undefined || !isCountryCode(digits) ? { fault: NO_COUNTRY } : { code: `+${digits}` }
}

/** Whether each code of up to three digits is one of a country, as far as it was asked. The library takes long. */
const areCountryCodes = new Map<string, boolean>()

function isCountryCode(digits: string): boolean {
  // Any digits will do behind it: the library finds the longest code that exists.
  const is = areCountryCodes.get(digits) ?? parse(`+${digits}2222222`)?.countryCallingCode === digits
  areCountryCodes.set(digits, is)
  return is
}

function readInternational(text: string): PhoneReading {
  // No number is longer, and the library need not look at it.
  const isTooLong = text.length > MAX_DIGITS + 2
  const found = isTooLong ? undefined : parse(text)
  if (found?.isPossible()) {
    const number = {
      countryCode: found.countryCallingCode,
      national: found.nationalNumber,
      e164: found.number,
    }
    if (isExact(text, number)) return { kind: 'INTERNATIONAL', number }
  }
  const hasNoCountry = !isTooLong && library().validatePhoneNumberLength(text) === 'INVALID_COUNTRY'
  return faulty(
    hasNoCountry
      ? NO_COUNTRY
      : 'Phones with this country code have fewer or more digits. Correct the number.',
  )
}

/** The library also drops other digits that are dialled within a country. The rest would be somebody else's number. */
function isExact(text: string, { countryCode, national, e164 }: PhoneNumber): boolean {
  return text === e164 || text === `+${countryCode}0${national}`
}

function parse(text: string): PhoneLibrary.PhoneNumber | undefined {
  return library().parsePhoneNumberFromString(text, { extract: false })
}

function faulty(fault: string): PhoneReading {
  return { kind: 'FAULTY', fault }
}
