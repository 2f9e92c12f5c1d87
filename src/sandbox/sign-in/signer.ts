import { compactVerify, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { z } from 'zod'

const ALGORITHM = 'ES256'
const KEY_ID = 'sandbox'
const subjectSchema = z.object({ sub: z.string(), aud: z.string() })

export interface SignerOptions {
  /** Called for each token, because the port is not known before. */
  readonly getIssuer: () => string
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface TokenFacts {
  /** The `typ` of the header. */
  readonly type: 'at+jwt' | 'JWT'
  readonly audience: string
  readonly subject: string
  readonly lifetimeS: number
  readonly claims: Readonly<Record<string, unknown>>
}

export interface Signer {
  readonly publicJwk: JWK
  sign(facts: TokenFacts): Promise<string>
  /** Returns the subject of a token for an audience, ended or not, or `null` if this signer did not sign it. */
  readSubject(token: string, audience: string): Promise<string | null>
}

/** Creates the key of the issuer. It is new at every start, so a restart ends all tokens. */
export async function createSigner({ getIssuer, now }: SignerOptions): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM)
  return {
    publicJwk: { ...(await exportJWK(publicKey)), kid: KEY_ID, alg: ALGORITHM, use: 'sig' },
    sign({ type, audience, subject, lifetimeS, claims }) {
      const nowS = Math.floor(now() / 1000)
      return new SignJWT({ ...claims })
        .setProtectedHeader({ alg: ALGORITHM, kid: KEY_ID, typ: type })
        .setIssuer(getIssuer())
        .setAudience(audience)
        .setSubject(subject)
        .setIssuedAt(nowS)
        .setExpirationTime(nowS + lifetimeS)
        .sign(privateKey)
    },
    async readSubject(token, audience) {
      try {
        const { payload } = await compactVerify(token, publicKey, { algorithms: [ALGORITHM] })
        const { sub, aud } = subjectSchema.parse(JSON.parse(new TextDecoder().decode(payload)))
        return aud === audience ? sub : null
      } catch {
        return null
      }
    },
  }
}
