import { randomBytes, randomUUID } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'

/** The only evidence of this lifetime is two sample tokens. Nothing documents it. */
const MFA_TOKEN_LIFETIME_S = 360
const ALGORITHM = 'HS256'

export interface TokensOptions {
  userPoolId: string
  tokenLifetimeS: number
  now: () => number
}

export interface Tokens {
  mintManagementToken(accessKeyId: string): Promise<{ access_token: string; expires_in: number }>
  /** Returns the access key's ID of a token, or `null` if it is not a token or has ended. */
  readAccessKeyId(managementToken: string): Promise<string | null>
  mintMfaToken(userId: string): Promise<string>
}

/**
 * Creates both kinds of token, each with its own key, so that an mfaToken opens nothing here. The keys are new at every
 * start, so a restart ends all tokens.
 */
export function createTokens(options: TokensOptions): Tokens {
  const managementKey = randomBytes(32)
  const mfaKey = randomBytes(32)
  const toNowS = () => Math.floor(options.now() / 1000)

  async function mint(payload: Record<string, unknown>, lifetimeS: number, key: Uint8Array): Promise<string> {
    const issuedAtS = toNowS()
    return new SignJWT(payload)
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
      .setIssuedAt(issuedAtS)
      .setExpirationTime(issuedAtS + lifetimeS)
      .sign(key)
  }

  return {
    async mintManagementToken(accessKeyId) {
      const payload = { sub: accessKeyId, jti: randomUUID(), scoped_userpool_id: options.userPoolId }
      return {
        access_token: await mint(payload, options.tokenLifetimeS, managementKey),
        expires_in: options.tokenLifetimeS,
      }
    },
    async readAccessKeyId(token) {
      try {
        const { payload } = await jwtVerify(token, managementKey, {
          algorithms: [ALGORITHM],
          currentDate: new Date(options.now()),
        })
        return payload.sub ?? null
      } catch {
        return null
      }
    },
    async mintMfaToken(userId) {
      const { userPoolId } = options
      const arn = `arn:cn:authing:${userPoolId}:user:${userId}`
      return mint({ data: { userPoolId, userId, arn, stage: 1 } }, MFA_TOKEN_LIFETIME_S, mfaKey)
    },
  }
}
