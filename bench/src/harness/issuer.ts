import { once } from 'node:events'
import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

/** The reason for which a token must be refused. */
export const TOKEN_FLAWS = ['FOREIGN_KEY', 'EXPIRED', 'OTHER_AUDIENCE', 'NO_SCOPE'] as const

export type TokenFlaw = (typeof TOKEN_FLAWS)[number]

/** The issuer of callers' tokens, with a key set over HTTP. */
export interface Issuer extends AsyncDisposable {
  readonly env: Readonly<Record<'AUTH_JWKS_URL' | 'AUTH_ISSUER' | 'AUTH_AUDIENCE', string>>
  /** Returns a token of one caller, valid for a day and with both scopes unless it has a flaw. */
  mint(subject: string, flaw?: TokenFlaw): Promise<string>
}

const AUDIENCE = 'genauth-graphql-bench'
/** The default algorithm of Auth0, Keycloak and GenAuth. */
const ALGORITHM = 'RS256'

export async function startIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM)
  const foreign = await generateKeyPair(ALGORITHM)
  const jwk = { ...(await exportJWK(publicKey)), kid: 'bench', alg: ALGORITHM, use: 'sig' }
  const jwks = JSON.stringify({ keys: [jwk] })
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(jwks)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a TCP address')
  const url = `http://127.0.0.1:${address.port}`

  return {
    env: { AUTH_JWKS_URL: `${url}/jwks`, AUTH_ISSUER: url, AUTH_AUDIENCE: AUDIENCE },
    mint: (subject, flaw) =>
      new SignJWT({ scope: flaw === 'NO_SCOPE' ? 'openid' : 'mfa:read mfa:write', client_id: 'bench' })
        .setProtectedHeader({ alg: ALGORITHM, kid: 'bench', typ: 'at+jwt' })
        .setIssuer(url)
        .setAudience(flaw === 'OTHER_AUDIENCE' ? 'somebody-else' : AUDIENCE)
        .setSubject(subject)
        .setIssuedAt(flaw === 'EXPIRED' ? '-2h' : undefined)
        .setExpirationTime(flaw === 'EXPIRED' ? '-1h' : '1d')
        .sign(flaw === 'FOREIGN_KEY' ? foreign.privateKey : privateKey),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
