import { maskEmail, maskPhone } from './mask.ts'

/** Anything around an `@` is taken for an e-mail address, because only GenAuth knows which of them are. */
const EMAIL_FORM = /^.*[^\s@]@[^\s@]+/su

/**
 * A phone with its country code, or a mobile phone of mainland China. Other digits alone may be the number of an
 * employee or a student, by which a person is recognised.
 */
const PHONE_FORM =
  /(?<!\d)(?:\+\d(?:[\s().-]{0,3}\d){6,14}|(?:(?:00)?86[\s-]?)?1[3-9]\d(?:[\s-]?\d){8})(?!\d)/

/** Half of a surrogate pair, at which some clients refuse the whole response. */
const HALF_PAIR = /\p{Surrogate}/gu
const REPLACEMENT = '\ufffd'

/** A shorter number may be a part of any name. */
const MIN_PHONE_DIGITS = 6
/** A mask may leave fewer digits readable. */
const MIN_READABLE_DIGITS = 2

/**
 * Masks a name that holds a phone or an e-mail address. A person who signed up by one may have no other name. The
 * text behind an address is dropped, because it may be another contact. Half of a surrogate pair is replaced.
 *
 * @param ownPhone the phone of the same person, which GenAuth may have masked
 */
export function maskName(name: string, ownPhone: string | null): string {
  const whole = name.replace(HALF_PAIR, REPLACEMENT)
  const [email] = EMAIL_FORM.exec(whole.normalize('NFKC')) ?? []
  const shown = email === undefined ? whole : maskEmail(email)
  return holdsPhone(shown.normalize('NFKC'), ownPhone) ? maskPhone(shown) : shown
}

function holdsPhone(text: string, ownPhone: string | null): boolean {
  return PHONE_FORM.test(text) || (ownPhone !== null && isOwnPhone(toDigits(text), ownPhone))
}

/** Returns `true` if digits hold the person's own phone, or its end without the country code. */
function isOwnPhone(digits: string, ownPhone: string): boolean {
  if (digits.length < MIN_PHONE_DIGITS) return false
  const maskEnd = ownPhone.lastIndexOf('*')
  const readable = toDigits(ownPhone.slice(maskEnd + 1))
  return maskEnd < 0
    ? readable.length >= MIN_PHONE_DIGITS && (digits.includes(readable) || readable.endsWith(digits))
    : readable.length >= MIN_READABLE_DIGITS && digits.endsWith(readable)
}

function toDigits(text: string): string {
  return text.normalize('NFKC').replace(/\D/g, '')
}
