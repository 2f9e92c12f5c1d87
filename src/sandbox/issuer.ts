import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'

export interface IssuerOptions {
  /** Where the sandbox listens; asked for at each token, since the port is known only then. */
  getUrl: () => string
  now: () => number
}

/** What a verifier has to know about the sandbox as an issuer. */
export interface IssuerAddress {
  jwksUrl: string
  issuer: string
  audience: string
}

export interface Issuer {
  getAddress(): IssuerAddress
  /** The answer to a GET of one of its two paths; undefined for every other. */
  answer(path: string): Promise<Record<string, unknown> | undefined>
}

const JWKS_PATH = '/sandbox/jwks'
const TOKENS_PATH = '/sandbox/tokens'
const AUDIENCE = 'genauth-graphql'
const ALGORITHM = 'ES256'
const KEY_ID = 'sandbox'
const LIFETIME_S = 8 * 60 * 60

/** The callers there are, by what they may do. */
const SCOPES = { admin: 'mfa:read mfa:write', reader: 'mfa:read', none: '' }

/**
 * The sandbox as the issuer of its callers' tokens: anybody who reaches it is handed tokens, which open nothing
 * but a server that was told to trust it. The key is made anew at every start: a restart ends all tokens.
 */
export async function createIssuer({ getUrl, now }: IssuerOptions): Promise<Issuer> {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM)
  const publicJwk: JWK = { ...(await exportJWK(publicKey)), kid: KEY_ID, alg: ALGORITHM, use: 'sig' }

  function getAddress(): IssuerAddress {
    const url = getUrl()
    return { jwksUrl: `${url}${JWKS_PATH}`, issuer: `${url}/sandbox`, audience: AUDIENCE }
  }

  async function mint(name: string, scope: string): Promise<string> {
    const { issuer, audience } = getAddress()
    const nowS = Math.floor(now() / 1000)
    // Signed in this moment and with two factors: good for whatever a step-up rule may ask.
    const payload = {
      scope,
      client_id: 'sandbox',
      auth_time: nowS,
      acr: 'mfa',
      amr: ['pwd', 'otp'],
    }
    return new SignJWT(payload)
      .setProtectedHeader({ alg: ALGORITHM, kid: KEY_ID, typ: 'at+jwt' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(`sandbox-${name}`)
      .setIssuedAt(nowS)
      .setExpirationTime(nowS + LIFETIME_S)
      .sign(privateKey)
  }

  return {
    getAddress,
    async answer(path) {
      if (path === JWKS_PATH) return { keys: [publicJwk] }
      if (path !== TOKENS_PATH) return undefined
      const { admin, reader, none } = SCOPES
      return {
        admin: await mint('admin', admin),
        reader: await mint('reader', reader),
        none: await mint('none', none),
      }
    },
  }
}
