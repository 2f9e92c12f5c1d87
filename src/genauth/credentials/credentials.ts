import type { Deadline } from '../../base/deadline.ts'
import type { UpstreamResult } from '../../mfa/failure.ts'
import type { AccessKey } from './access-key.ts'

export type Headers = Readonly<Record<string, string>>

/** An attempt about to be made. */
interface UnauthorizedRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly params: Readonly<Record<string, unknown>>
}

/** How requests show GenAuth who we are: a token or a signature, made anew for each attempt. */
export interface Credentials {
  /**
   * Waits for what `authorize` needs. Fails if there is none by the deadline; the call is then never sent.
   */
  prepare(deadline: Deadline): Promise<UpstreamResult<void>>
  /**
   * The headers of an attempt, those that every attempt carries included, at the moment at which it is sent. Null:
   * `prepare` must come before.
   */
  authorize(request: UnauthorizedRequest): Headers | null
  /** GenAuth refused these headers with a 401. */
  reject(headers: Headers): void
  /** Whether another attempt after a refusal carries something new. */
  readonly canRenew: boolean
  /** Goes on with another key. What was sent under the former one is answered as it may. */
  useKey(key: AccessKey): Promise<void>
  /** Whether calls can be authorised now. Asking starts what is missing. */
  isReady(): boolean
}
