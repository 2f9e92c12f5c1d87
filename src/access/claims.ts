import { z } from 'zod'
import type { Clock } from '../base/clock.ts'
import { findUserIdFault, foldUserRef } from '../mfa/user-ref.ts'
import type { Caller, Scope, ScopeNames } from './caller.ts'
import { type ClientTokenMark, isClientToken } from './client-tokens.ts'
import { findClaim } from './find-claim.ts'

export interface ClaimsSettings {
  readonly scopeNames: ScopeNames
  /** The claims that hold the scopes. The default is `SCOPE_CLAIMS`. */
  readonly scopeClaims?: readonly string[]
  /** The claim that holds the caller's own GenAuth ID. */
  readonly userIdClaim: string
  /** The marks of a client's token. If the list is empty, no token counts as a client's. */
  readonly clientTokens: readonly ClientTokenMark[]
}

export interface ClaimsOptions extends ClaimsSettings {
  readonly clock: Clock
}

/** The claims in which issuers put scopes: RFC 8693 (also Okta's and Azure's `scp`), and Auth0's `permissions`. */
const SCOPE_CLAIMS = ['scope', 'scp', 'permissions']

/** The longest difference between the issuer's clock and ours, in seconds. */
export const CLOCK_TOLERANCE_S = 30

/** A malformed claim counts as absent if it could only give a caller more rights. Fewer rights are the safe result. */
const optionalText = z.string().min(1).nullable().catch(null)
const words = z.union([z.string().transform(text => text.split(' ')), z.array(z.unknown())]).catch([])

/** `z.number()` refuses the infinity that `JSON.parse` makes of 1e999, which would be an `exp` without an end. */
const claimsSchema = z.object({
  iss: z.string(),
  sub: z.string().min(1),
  iat: z.number(),
  exp: z.number(),
  client_id: optionalText,
  azp: optionalText,
  auth_time: z.number().nullable().catch(null),
  acr: optionalText,
  amr: z.array(z.string()).catch([]),
})

/**
 * Reads the claims of a token whose signature, issuer, audience and lifetime are already verified. Returns `null` if a
 * required claim is malformed, or if `iat` is in the future.
 *
 * The scopes are the union of the `scopeClaims`. Each claim is a list, or a text of words separated by spaces.
 */
export function toCaller(
  payload: Readonly<Record<string, unknown>>,
  { scopeNames, scopeClaims = SCOPE_CLAIMS, userIdClaim, clientTokens, clock }: ClaimsOptions,
): Caller | null {
  const parsed = claimsSchema.safeParse(payload)
  if (!parsed.success) return null
  const claims = parsed.data
  const latestS = clock.now() / 1_000 + CLOCK_TOLERANCE_S
  if (claims.iat > latestS) return null

  const granted = new Set(scopeClaims.flatMap(name => words.parse(findClaim(payload, name))))
  const { read, write, report, policy, audit } = scopeNames
  const scopes = new Set<Scope>()
  if (granted.has(read) || granted.has(write)) scopes.add('READ')
  if (granted.has(write)) scopes.add('WRITE')
  if (granted.has(report)) scopes.add('REPORT')
  if (granted.has(policy)) scopes.add('POLICY')
  if (granted.has(audit)) scopes.add('AUDIT')
  const [subject, client] = [claims.sub, claims.client_id ?? claims.azp]
  return {
    issuer: claims.iss,
    subject,
    client,
    scopes,
    scopeNames: [...new Set([read, write, report, policy, audit])].filter(name => granted.has(name)),
    genauthId: toGenAuthId(findClaim(payload, userIdClaim)),
    isClient: isClientToken(payload, { subject, client }, clientTokens),
    // A sign-in in the future would always count as fresh.
    authTimeS: claims.auth_time !== null && claims.auth_time > latestS ? null : claims.auth_time,
    expiresAtMs: claims.exp * 1_000,
    acr: claims.acr,
    amr: claims.amr,
  }
}

/** Returns the ID in its one spelling. Returns `null` if no identifier is spelled like this. */
function toGenAuthId(claim: unknown): string | null {
  if (typeof claim !== 'string') return null
  const { userId, userIdType } = foldUserRef({ userId: claim, userIdType: 'USER_ID' })
  return findUserIdFault({ userId, userIdType }) === null ? userId : null
}
