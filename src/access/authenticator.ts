import { errors } from 'jose'
import type { Logger } from 'pino'
import { SIGNATURE_ALGORITHMS } from './algorithms.ts'
import type { Caller } from './caller.ts'
import { CLOCK_TOLERANCE_S, type ClaimsOptions, type ClaimsSettings, toCaller } from './claims.ts'
import { findClaim } from './find-claim.ts'
import { createJwks, JwksUnavailableError } from './jwks.ts'
import type { JwksTiming } from './jwks-timing.ts'
import type { KeySource } from './key-address.ts'
import { createVerifiedTokens } from './verified-tokens.ts'
import { verifyByAnyKey } from './verify-by-any-key.ts'

/** Who issues callers' tokens. */
export interface TokenIssuer {
  /** `null`: the issuer's own document says where its keys are. */
  readonly jwksUrl: string | null
  /** Compared character by character with the token's `iss`. */
  readonly issuer: string
  /** Must be the value of the token's audience claim or one of its list. */
  readonly audience: string
}

/** What a deployment chooses of the tokens. */
export interface AccessSettings extends ClaimsSettings {
  /** Unset: `aud`. */
  readonly audienceClaim?: string
  /** What the token's `typ` header must say, such as `at+jwt` (RFC 9068). `null`: anything or nothing. */
  readonly tokenType: string | null
  /** Keys are used for so long before the issuer is asked again. Unset: as `JWKS_TIMING` has it. */
  readonly jwksMaxAgeS?: number
  /** And for so long while the issuer cannot be asked. */
  readonly jwksMaxStaleS?: number
}

export interface AccessOptions extends TokenIssuer, AccessSettings, ClaimsOptions {
  readonly log: Logger
  /** For tests; see `JWKS_TIMING`. */
  readonly timing?: Partial<JwksTiming>
}

/**
 * What a request's credentials came to. `UNAVAILABLE`: the issuer's keys could never be loaded, or too long ago,
 * so nobody can say whether the token is good (503, not 401).
 */
export type Authentication =
  | { readonly kind: 'CALLER'; readonly caller: Caller }
  | { readonly kind: 'MISSING' }
  | { readonly kind: 'INVALID' }
  | { readonly kind: 'UNAVAILABLE' }

export interface Authenticator {
  /**
   * Judges the value of one Authorization header; undefined: there was none. At once, unless a signature has to be
   * checked. Never rejects.
   */
  authenticate(authorization: string | undefined): Authentication | Promise<Authentication>
  /** True while there are keys to judge tokens by. */
  isReady(): boolean
  /** Asks the issuer for its keys now. False: there was no usable answer, and those that are known are kept. */
  reloadKeys(): Promise<boolean>
  /** Stops loading keys. Tokens under keys that are known are judged as before. */
  close(): Promise<void>
}

/** Far above any real token; larger ones are refused before anything is done with them. */
const MAX_HEADER_CHARS = 16 * 1024
/** One compact JWS. The scheme in any case (RFC 9110, section 11.1). */
const BEARER_JWT = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i
/** A token was refused before any key was tried. */
const KEYLESS_REASONS: ReadonlySet<string> = new Set([
  errors.JWKSNoMatchingKey.code,
  errors.JWKSMultipleMatchingKeys.code,
  errors.JOSEAlgNotAllowed.code,
])
const ALGORITHMS = [...SIGNATURE_ALGORITHMS.keys()]

/**
 * Tells who is asking by a bearer JWT (RFC 6750, RFC 8725): fixed algorithms, keys from the configured key set
 * alone (`jku`, `x5u` and `jwk` in a token are ignored, an unknown `crit` is refused), exact issuer, audience,
 * and `exp`, `iat` and `sub` must be there. Says why a token was refused to the log at level debug, by a code and
 * the name of the claim. A token that was found good is not verified again for up to a minute, but for new keys.
 *
 * @throws when `jwksUrl`, or else `issuer`, is no http or https URL
 */
export function createAuthenticator(options: AccessOptions): Authenticator {
  const { issuer, audience, audienceClaim = 'aud', tokenType, log, now } = options
  const jwks = createJwks({ source: toKeySource(options), log, now, timing: toTiming(options) })

  /** Whether a token was ever found good, and whether somebody was told that none can be. */
  let [hasJudgedAny, isWarned] = [false, false]
  const verified = createVerifiedTokens({ keysVersion: () => jwks.version, now })

  async function judge(token: string): Promise<Authentication> {
    // Of before the key was looked for: it may be withdrawn while the signature is checked.
    const keysVersion = jwks.version
    const payload = await verifyByAnyKey(token, jwks.findKeys, {
      algorithms: ALGORITHMS,
      issuer,
      ...(audienceClaim === 'aud' ? { audience } : {}),
      // Otherwise jose accepts a token that never ends.
      requiredClaims: ['exp', 'iat', 'sub'],
      clockTolerance: CLOCK_TOLERANCE_S,
      currentDate: new Date(now()),
      ...(tokenType === null ? {} : { typ: tokenType }),
    })
    if (audienceClaim !== 'aud' && !isFor(audience, findClaim(payload, audienceClaim))) {
      return refuse('ERR_JWT_CLAIM_VALIDATION_FAILED', audienceClaim)
    }
    const caller = toCaller(payload, options)
    if (caller === null) return refuse('CLAIMS')
    const untilMs = (Number(payload.exp) + CLOCK_TOLERANCE_S) * 1_000
    hasJudgedAny = true
    verified.keep(token, { caller, keysVersion, untilMs })
    return { kind: 'CALLER', caller }
  }

  async function verify(token: string): Promise<Authentication> {
    const keysVersion = jwks.version
    try {
      return await judge(token).catch(async (error: unknown) => {
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error
        if (!(await jwks.lookAgain(keysVersion))) throw error
        return judge(token)
      })
    } catch (error) {
      if (error instanceof JwksUnavailableError) return { kind: 'UNAVAILABLE' }
      // Whatever else goes wrong, the token is not shown to be good.
      if (error instanceof errors.JWTClaimValidationFailed) return refuse(error.code, error.claim)
      return refuse(error instanceof errors.JOSEError ? error.code : 'UNUSABLE_KEY')
    }
  }

  function refuse(reason: string, claim?: string): Authentication {
    if (KEYLESS_REASONS.has(reason) && !hasJudgedAny && !isWarned) {
      isWarned = true
      log.warn(
        { reason },
        'a token is signed by none of the keys of the issuer, and none was found good so far',
      )
    }
    log.debug({ reason, claim }, 'token refused')
    return { kind: 'INVALID' }
  }

  return {
    authenticate(authorization) {
      if (authorization === undefined) return { kind: 'MISSING' }
      if (authorization.length > MAX_HEADER_CHARS) return refuse('TOO_LARGE')
      const token = BEARER_JWT.exec(authorization)?.[1]
      if (token === undefined) return refuse('NOT_ONE_BEARER_JWT')
      const caller = jwks.isReady() ? verified.find(token) : null
      return caller === null ? verify(token) : { kind: 'CALLER', caller }
    },
    isReady: () => jwks.isReady(),
    reloadKeys: () => jwks.reload(),
    close: () => jwks.close(),
  }
}

function isFor(audience: string, claim: unknown): boolean {
  return Array.isArray(claim) ? claim.includes(audience) : claim === audience
}

function toKeySource({ jwksUrl, issuer }: AccessOptions): KeySource {
  return jwksUrl === null ? { kind: 'DISCOVERY', issuer } : { kind: 'URL', url: jwksUrl }
}

function toTiming({ jwksMaxAgeS, jwksMaxStaleS, timing }: AccessOptions): Partial<JwksTiming> {
  return {
    ...(jwksMaxAgeS === undefined ? {} : { reloadMs: jwksMaxAgeS * 1_000 }),
    ...(jwksMaxStaleS === undefined ? {} : { staleAfterMs: jwksMaxStaleS * 1_000 }),
    ...timing,
  }
}
