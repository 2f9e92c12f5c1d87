import type { Result } from '../mfa/failure.ts'

export type Headers = Readonly<Record<string, string>>

/** An attempt about to be made, with the headers that every attempt carries. */
export interface UnauthorizedRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly params: Readonly<Record<string, unknown>>
  readonly headers: Headers
}

/** How requests show GenAuth who we are: a token or a signature, made anew for each attempt. */
export interface Credentials {
  /** All headers of the attempt, or why there can be none; the call itself is then never sent. */
  authorize(request: UnauthorizedRequest, signal: AbortSignal): Promise<Result<Headers>>
  /** GenAuth refused these headers with a 401. */
  reject(headers: Headers): void
  /** Whether another attempt after a refusal carries something new. */
  readonly canRenew: boolean
}
