import { once } from 'node:events'
import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

/** The issuer of callers' tokens, with a key set over HTTP. */
export interface Issuer extends AsyncDisposable {
  readonly env: Readonly<Record<'AUTH_JWKS_URL' | 'AUTH_ISSUER' | 'AUTH_AUDIENCE', string>>
  /** Returns a token of one caller, valid for a day, with both scopes. */
  mint(subject: string): Promise<string>
}

const AUDIENCE = 'genauth-graphql-bench'
/** The default algorithm of Auth0, Keycloak and GenAuth. */
const ALGORITHM = 'RS256'

export async function startIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM)
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
    mint: subject =>
      new SignJWT({ scope: 'mfa:read mfa:write', client_id: 'bench' })
        .setProtectedHeader({ alg: ALGORITHM, kid: 'bench', typ: 'at+jwt' })
        .setIssuer(url)
        .setAudience(AUDIENCE)
        .setSubject(subject)
        .setIssuedAt()
        .setExpirationTime('1d')
        .sign(privateKey),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
