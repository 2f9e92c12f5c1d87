import type { CaseName } from '../cases.ts'
import type { HttpRequest } from '../harness/http-connection.ts'

/** One operation of a case, for these users, by one caller. */
export interface CallContext {
  readonly caseName: CaseName
  readonly userIds: readonly string[]
  /** The caller's token. */
  readonly token: string
}

/** What an answer says, however it is worded. */
export type Content =
  | { readonly applied: boolean }
  | { readonly users: readonly (readonly FactorContent[])[] }

export interface FactorContent {
  readonly code: string
  readonly enabled: boolean
  readonly sort: number
}

/** How a kind of subject is asked, and how its answers are read. */
export interface Dialect {
  /** The requests that amount to the operation. Null: it cannot be asked this. */
  toRequests(operation: CallContext): readonly HttpRequest[] | null
  /**
   * What the answers, parsed and one for each request, say.
   *
   * @throws when one is no answer to the operation
   */
  readContent(caseName: CaseName, answers: readonly unknown[]): Content
}

/** What every set wants: another order than the stored one, and the third factor gone. */
export const WANTED_FACTORS = ['OTP', 'SMS'] as const

export const TRIGGER_DATA = {
  mfaToken: 'made-up-mfa-token-of-the-usual-length',
  mfaPhone: '13800000001',
  mfaPhoneCountryCode: '+86',
  mfaEmail: 'someone@example.com',
  totpMfaEnabled: true,
}
