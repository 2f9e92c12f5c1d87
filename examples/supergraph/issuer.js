import { generateKeyPairSync, sign } from 'node:crypto'
import { createServer } from 'node:http'
import { listen } from './listen.js'

/** The operator's own GenAuth ID, so that the server can tell whether operators change themselves. */
export const OPERATOR_ID = '65a0000000000000000000f0'
const AUDIENCE = 'genauth-graphql'
const LIFETIME_S = 8 * 60 * 60
/** The value of `acr` of a sign-in with two factors. */
const TWO_FACTORS = 'mfa'

/** The callers by their rights and by the way in which they signed in. */
const CALLERS = {
  admin: { scope: 'mfa:read mfa:write', acr: TWO_FACTORS },
  lead: { scope: 'mfa:read mfa:write mfa:report', acr: TWO_FACTORS },
  /** Has signed in with a password alone. */
  weak: { scope: 'mfa:read mfa:write', acr: 'pwd' },
  reader: { scope: 'mfa:read', acr: TWO_FACTORS },
  none: { scope: '', acr: TWO_FACTORS },
}

/** With these settings the subgraph accepts a sign-in of all callers but `weak`. */
export const STEP_UP = { AUTH_STEP_UP_MAX_AGE_S: '300', AUTH_STEP_UP_ACR: TWO_FACTORS }

/**
 * Issues the tokens of callers and serves the key to verify them. Gateways and subgraphs get the same token.
 *
 * @returns the subgraph's settings, a token for each caller, and a close function
 */
export async function startIssuer() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'example', alg: 'ES256', use: 'sig' }
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [jwk] }))
  })
  const { url, close } = await listen(server)

  function mint({ scope, acr }) {
    const nowS = Math.floor(Date.now() / 1_000)
    const claims = {
      iss: url,
      aud: AUDIENCE,
      sub: OPERATOR_ID,
      client_id: 'support-desk',
      scope,
      acr,
      auth_time: nowS,
      iat: nowS,
      exp: nowS + LIFETIME_S,
    }
    const text = [{ alg: 'ES256', kid: jwk.kid, typ: 'at+jwt' }, claims].map(toBase64Url).join('.')
    const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' })
    return `${text}.${signature.toString('base64url')}`
  }

  return {
    env: { AUTH_JWKS_URL: url, AUTH_ISSUER: url, AUTH_AUDIENCE: AUDIENCE },
    tokens: Object.fromEntries(Object.entries(CALLERS).map(([name, caller]) => [name, mint(caller)])),
    close,
  }
}

function toBase64Url(part) {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
