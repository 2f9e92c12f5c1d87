import type { CaseName } from '../cases.ts'
import type { HttpRequest } from '../harness/http-connection.ts'

/** One operation of a case, for these users, by one caller. */
export interface CallContext {
  readonly caseName: CaseName
  readonly userIds: readonly string[]
  /** The caller's token. */
  readonly token: string
}

/** The content of a response, in whatever words it came. */
export type Content =
  | { readonly applied: boolean }
  | { readonly users: readonly (readonly FactorContent[])[] }

export interface FactorContent {
  readonly code: string
  readonly enabled: boolean
  readonly sort: number
}

/** The way to ask a kind of subject and to read its responses. */
export interface Dialect {
  /** Returns the requests that make up the operation, or `null` if the subject cannot answer it. */
  toRequests(operation: CallContext): readonly HttpRequest[] | null
  /**
   * Returns the content of the parsed responses, one for each request.
   *
   * @throws if one does not answer the operation
   */
  readContent(caseName: CaseName, answers: readonly unknown[]): Content
}

/** Every write wants these: another order than the stored one, and the third factor gone. */
export const WANTED_FACTORS = ['OTP', 'SMS'] as const

export const TRIGGER_DATA = {
  mfaToken: 'made-up-mfa-token-of-the-usual-length',
  mfaPhone: '13800000001',
  mfaPhoneCountryCode: '+86',
  mfaEmail: 'someone@example.com',
  totpMfaEnabled: true,
}
