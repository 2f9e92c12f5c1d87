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
 * Token mode: `Bearer <token>` or the bare token, both of which vendors' clients send, and the header
 * `<prefix>userpool-id`.
 *
 * Readings, as no answer to a bad credential is published: no authorization is 401 with apiCode 2020; a token
 * that is bad or expired is 401 without an apiCode; a pool header that is missing is 401 without one, one that
 * names another pool is 401 with 2224.
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
