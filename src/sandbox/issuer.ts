import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'

export interface IssuerOptions {
  /** Returns the address of the sandbox. It is called for each token, because the port is not known before. */
  getUrl: () => string
  now: () => number
}

/** The facts about the sandbox as an issuer that a verifier needs. */
export interface IssuerAddress {
  jwksUrl: string
  issuer: string
  audience: string
}

export interface Issuer {
  getAddress(): IssuerAddress
  /** Returns the response to a GET of one of its two paths, or `undefined` for any other path. */
  answer(path: string): Promise<Record<string, unknown> | undefined>
}

const JWKS_PATH = '/sandbox/jwks'
const TOKENS_PATH = '/sandbox/tokens'
const AUDIENCE = 'genauth-graphql'
const ALGORITHM = 'ES256'
const KEY_ID = 'sandbox'
const LIFETIME_S = 8 * 60 * 60

/** The callers by their rights. */
const SCOPES = {
  admin: 'mfa:read mfa:write mfa:report mfa:policy mfa:audit',
  reader: 'mfa:read',
  none: '',
}

/**
 * Creates the issuer of callers' tokens. Anybody who reaches it gets tokens, but they open only a server that was told
 * to trust it. The key is new at every start, so a restart ends all tokens.
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
    // The caller signed in just now with two factors, so the token passes any step-up rule.
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
