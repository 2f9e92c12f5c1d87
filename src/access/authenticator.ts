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

/** The issuer of callers' tokens. */
export interface TokenIssuer {
  /** `null` if the issuer's own document names the URL of its keys. */
  readonly jwksUrl: string | null
  /** Must equal the token's `iss` character by character. */
  readonly issuer: string
  /** Must be the value of the token's audience claim or one of its list. */
  readonly audience: string
}

/** The settings of a deployment for tokens. */
export interface AccessSettings extends ClaimsSettings {
  /** The claim that holds the audience. The default is `aud`. */
  readonly audienceClaim?: string
  /**
   * The value that the token's `typ` header must have, such as `at+jwt` (RFC 9068). `null` allows any value or none.
   */
  readonly tokenType: string | null
  /** The longest time in seconds before the issuer is asked for its keys again. The default is in `JWKS_TIMING`. */
  readonly jwksMaxAgeS?: number
  /** The longest time in seconds that keys are used while the issuer cannot be asked. */
  readonly jwksMaxStaleS?: number
}

export interface AccessOptions extends TokenIssuer, AccessSettings, ClaimsOptions {
  readonly log: Logger
  /** For tests. See `JWKS_TIMING`. */
  readonly timing?: Partial<JwksTiming>
}

/**
 * The result of a request's credentials. `UNAVAILABLE` means that the issuer's keys could never be loaded, or were
 * loaded too long ago. Nobody can then say whether the token is good (503, not 401).
 */
type Authentication =
  | { readonly kind: 'CALLER'; readonly caller: Caller }
  | { readonly kind: 'MISSING' }
  | { readonly kind: 'INVALID' }
  | { readonly kind: 'UNAVAILABLE' }

export interface Authenticator {
  /**
   * Judges the value of an Authorization header, or `undefined` if there is none. Returns the result without a promise,
   * unless it has to verify a signature. It never rejects.
   */
  authenticate(authorization: string | undefined): Authentication | Promise<Authentication>
  /** Returns `true` while there are keys to verify tokens with. */
  isReady(): boolean
  /** Asks the issuer for its keys now. Returns `false` if no usable document came. The known keys then stay. */
  reloadKeys(): Promise<boolean>
  /** Stops loading keys. Tokens signed by known keys are still accepted. */
  close(): Promise<void>
}

/** Far above any real token. A larger one is refused immediately. */
const MAX_HEADER_CHARS = 16 * 1024
/** One compact JWS. The scheme may be in any case (RFC 9110, section 11.1). */
const BEARER_JWT = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i
/** With these reasons a token was refused before any key was tried. */
const KEYLESS_REASONS: ReadonlySet<string> = new Set([
  errors.JWKSNoMatchingKey.code,
  errors.JWKSMultipleMatchingKeys.code,
  errors.JOSEAlgNotAllowed.code,
])
const ALGORITHMS = [...SIGNATURE_ALGORITHMS.keys()]

/**
 * Identifies the caller by a bearer JWT (RFC 6750, RFC 8725):
 *
 * - The algorithms are fixed.
 * - Keys come from the configured key set alone. `jku`, `x5u` and `jwk` in a token are ignored, and an unknown `crit`
 *   is refused.
 * - Issuer and audience must match exactly.
 * - `exp`, `iat` and `sub` must be there.
 *
 * The log says at level debug why a token was refused, by a code and the name of the claim. A good token is not
 * verified again for up to a minute, unless the keys change.
 *
 * @throws if `jwksUrl`, or `issuer` in its absence, is not an http or https URL
 */
export function createAuthenticator(options: AccessOptions): Authenticator {
  const { issuer, audience, audienceClaim = 'aud', tokenType, clock, log } = options
  const jwks = createJwks({ source: toKeySource(options), clock, log, timing: toTiming(options) })

  /** The first flag says whether any token was ever good. The second says whether the log has warned that none was. */
  let [hasJudgedAny, isWarned] = [false, false]
  const verified = createVerifiedTokens({ keysVersion: () => jwks.version, clock })

  async function judge(token: string): Promise<Authentication> {
    // Read before the key is looked for, because the key may be withdrawn while its signature is checked.
    const keysVersion = jwks.version
    const payload = await verifyByAnyKey(token, jwks.findKeys, {
      algorithms: ALGORITHMS,
      issuer,
      ...(audienceClaim === 'aud' ? { audience } : {}),
      // Without these, jose would accept a token that never ends.
      requiredClaims: ['exp', 'iat', 'sub'],
      clockTolerance: CLOCK_TOLERANCE_S,
      currentDate: new Date(clock.now()),
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
      // After any other error the token is not proven good.
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
