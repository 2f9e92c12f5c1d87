import { isInvisible } from '../base/invisible.ts'
import { maskName } from './mask-name.ts'

/** The states of a user's account. GenAuth decides in which of them the user may sign in. */
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
export function toDisplayName({ name, nickname, username, phone }: Account): string | null {
  const shown = [name, nickname, username].find(text => text !== null && !isInvisible(text)) ?? null
  return shown && maskName(shown, phone)
}

/** Returns the user name. A contact in its place is masked. */
export function toUsername({ username, phone }: Account): string | null {
  return username && maskName(username, phone)
}
