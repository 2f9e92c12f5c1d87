import type { AccessKeys } from './access-keys.ts'
import { Failure } from './failure.ts'
import type { ReceivedRequest } from './received-request.ts'
import type { Tokens } from './tokens.ts'

export interface TokenCredentialsOptions {
  userPoolId: string
  headerPrefix: string
  tokens: Tokens
  accessKeys: AccessKeys
}

export interface TokenCredentials {
  /** Throws a Failure unless the request carries a good token and names its user pool. */
  check(request: ReceivedRequest): Promise<void>
}

/**
 * Creates the check of token mode. It accepts `Bearer <token>` or the bare token, because vendors' clients send both.
 * It requires the header `<prefix>userpool-id`.
 *
 * Readings, because no reply to a bad credential is published:
 *
 * - No authorization is 401 with apiCode 2020.
 * - A bad or expired token is 401 without an apiCode.
 * - A missing pool header is 401 without an apiCode.
 * - A pool header with another pool is 401 with 2224.
 */
export function createTokenCredentials(options: TokenCredentialsOptions): TokenCredentials {
  return {
    async check(request) {
      const token = (request.headers.authorization ?? '').replace(/^Bearer /i, '').trim()
      if (token === '') {
        throw new Failure({ statusCode: 401, apiCode: 2020, message: 'notSignedIn' })
      }
      const accessKeyId = await options.tokens.readAccessKeyId(token)
      if (accessKeyId === null || options.accessKeys.secretOf(accessKeyId) === undefined) {
        throw new Failure({ statusCode: 401, message: 'tokenInvalid' })
      }
      const userPoolId = request.headers[`${options.headerPrefix}userpool-id`]
      if (userPoolId === undefined) {
        throw new Failure({ statusCode: 401, message: 'notSignedIn' })
      }
      if (userPoolId !== options.userPoolId) {
        throw new Failure({ statusCode: 401, apiCode: 2224, message: 'unknownUserPool' })
      }
    },
  }
}
