import type { Deadline } from '../../base/deadline.ts'
import { succeed, type UpstreamResult } from '../../mfa/failure.ts'
import type { AccessKey } from './access-key.ts'

export type Headers = Readonly<Record<string, string>>

/** The result of `prepare` when nothing is missing. */
export const READY: UpstreamResult<void> = succeed(undefined)

/** An attempt that is about to be made. */
interface UnauthorizedRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly params: Readonly<Record<string, unknown>>
}

/** Authorises attempts towards GenAuth: by a token, or by a signature that is made anew for each attempt. */
export interface Credentials {
  /**
   * Waits for what `authorize` needs. If it is missing at the deadline, this fails and the call is never sent.
   */
  prepare(deadline: Deadline): Promise<UpstreamResult<void>>
  /**
   * Returns all headers of an attempt that is sent now, those that every attempt carries included. Returns `null` if
   * `prepare` must be called first.
   */
  authorize(request: UnauthorizedRequest): Headers | null
  /** Reports that GenAuth refused these headers with a 401. */
  reject(headers: Headers): void
  /** `true` if another attempt after a refusal can carry new headers. */
  readonly canRenew: boolean
  /** The user pool, if the settings or the last token name one. */
  readonly userPoolId: string | null
  /** Changes to another key. Requests that were sent under the former one are not affected. */
  useKey(key: AccessKey): Promise<void>
  /** Returns `true` if calls can be authorised now. Otherwise it starts to fetch what is missing. */
  isReady(): boolean
}
