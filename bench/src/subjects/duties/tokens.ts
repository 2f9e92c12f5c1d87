import { GraphQLError } from 'graphql'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { z } from 'zod'
import { settings } from './settings.ts'

/** The caller that a token names. */
export interface Caller {
  readonly subject: string
  readonly scopes: readonly string[]
}

const claimsSchema = z.object({ sub: z.string(), scope: z.string() })

/** jose fetches the keys with the first token, and keeps them. */
const keys = createRemoteJWKSet(new URL(settings.AUTH_JWKS_URL))

/**
 * Verifies the value of an Authorization header.
 *
 * @throws GraphQLError `UNAUTHENTICATED`, with HTTP status 401
 */
export async function verifyToken(authorization: string | undefined): Promise<Caller> {
  try {
    const { payload } = await jwtVerify(authorization?.replace(/^Bearer /i, '') ?? '', keys, {
      issuer: settings.AUTH_ISSUER,
      audience: settings.AUTH_AUDIENCE,
      algorithms: ['RS256'],
    })
    const { sub, scope } = claimsSchema.parse(payload)
    return { subject: sub, scopes: scope.split(' ') }
  } catch {
    throw new GraphQLError('Send a valid token.', {
      extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
    })
  }
}

/** @throws GraphQLError `FORBIDDEN` if the caller does not have the scope */
export function requireScope({ scopes }: Caller, scope: string): void {
  if (scopes.includes(scope)) return
  throw new GraphQLError(`You need the ${scope} scope.`, { extensions: { code: 'FORBIDDEN' } })
}
