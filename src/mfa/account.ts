import { isInvisible } from '../base/invisible.ts'
import { maskEmail, maskPhone } from './mask.ts'

/** The states of a user's account in GenAuth, in which sign-in may be refused altogether. */
export const ACCOUNT_STATUSES = ['ACTIVATED', 'SUSPENDED', 'RESIGNED', 'ARCHIVED', 'DEACTIVATED'] as const

export type AccountStatus = (typeof ACCOUNT_STATUSES)[number]

/**
 * The facts by which a person recognises a user. Contacts are as stored: they are masked before they leave. A fact is
 * `null` if GenAuth does not say it.
 */
export interface Account {
  readonly name: string | null
  readonly nickname: string | null
  readonly username: string | null
  readonly status: AccountStatus | null
  readonly phone: string | null
  readonly phoneCountryCode: string | null
  readonly email: string | null
  readonly lastSignInAt: Date | null
  readonly lastMfaAt: Date | null
}

/** Returns the name to show: the first that has a visible character. A contact in its place is masked. */
export function toDisplayName(account: Account): string | null {
  const { name, nickname, username } = account
  const shown = [name, nickname, username].find(text => text !== null && !isInvisible(text)) ?? null
  return shown && maskContact(shown, account)
}

/** Returns the user name. A contact in its place is masked. */
export function toUsername(account: Account): string | null {
  return account.username && maskContact(account.username, account)
}

/** Anything around an `@` is taken for an e-mail address, because only GenAuth knows which of them are. */
const EMAIL_FORM = /[^\s@]@[^\s@]/
/** A shorter number may be a part of any name. */
const MIN_PHONE_DIGITS = 6

/** Masks a name that is a contact. A person who signed up by phone or by e-mail may have no other name. */
function maskContact(name: string, { phone }: Account): string {
  if (EMAIL_FORM.test(name)) return maskEmail(name)
  const own = toDigits(phone ?? '')
  return own.length >= MIN_PHONE_DIGITS && toDigits(name).includes(own) ? maskPhone(name) : name
}

function toDigits(text: string): string {
  return text.normalize('NFKC').replace(/\D/g, '')
}
