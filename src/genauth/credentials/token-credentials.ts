import { decodeJwt } from 'jose'
import type { Logger } from 'pino'
import { z } from 'zod'
import { within } from '../../base/deadline.ts'
import { fail, type MfaFailure, notSent, type Result, succeed } from '../../mfa/failure.ts'
import { classify } from '../classify.ts'
import { toTokenFailure, toWrongShapeFailure } from '../failures.ts'
import { notNeeded, plainNumber } from '../lenient.ts'
import { logFailure } from '../log-failure.ts'
import type { Transport } from '../transport.ts'
import type { UpstreamObserver } from '../upstream-observer.ts'
import { type AccessKey, isSameKey, type RereadKey } from './access-key.ts'
import type { Credentials, Headers } from './credentials.ts'

export interface TokenCredentialsOptions {
  readonly transport: Transport
  readonly accessKey: AccessKey
  /** Asked when the key is refused. Null: the key cannot change. */
  readonly rereadKey: RereadKey | null
  /** What every attempt carries besides. */
  readonly commonHeaders: Headers
  readonly headerPrefix: string
  /** Overrides the pool that the token itself names. */
  readonly userPoolId: string | null
  readonly timeoutMs: number
  /** Called before each request for a token: it counts like any other. */
  readonly onRequest: () => void
  readonly now: () => number
  /** From 0 to 1. */
  readonly random?: () => number
  readonly log: Logger
  /** Unset: nobody watches. */
  readonly observer?: UpstreamObserver | null
}

interface Token {
  /** Of every attempt that is made with it. */
  readonly headers: Headers
  readonly renewAtMs: number
  readonly expiresAtMs: number
}

interface Failed {
  readonly failure: MfaFailure
  /** In a row. */
  readonly times: number
  readonly atMs: number
  readonly holdOffMs: number
}

const ENDPOINT = 'get-management-token'
/** Renewed this long before it ends, or at half its life if that is shorter. */
const RENEW_AHEAD_MS = 60_000
/** Where `expires_in`, documented as 7200, is missing or is no time. */
const ASSUMED_LIFETIME_S = 3_600
/** After a first failure, and after many. */
const MIN_HOLD_OFF_MS = 1_000
const MAX_HOLD_OFF_MS = 5_000

/** A longer life is taken for this one. */
const MAX_LIFETIME_S = 86_400

const tokenSchema = z.object({
  // It becomes a header.
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  expires_in: notNeeded(plainNumber.pipe(z.number().min(1))),
})
const claimsSchema = z.object({ scoped_userpool_id: z.string().regex(/^[\x21-\x7e]+$/) })

/**
 * Bearer tokens from `get-management-token`. However many calls wait for one, one request is under way at a time.
 * A token near its end is renewed behind the calls that still use it; a refused one is given up, once, by whoever
 * finds out first. After a failure nobody asks again for a while, and whoever needs a token fails at once: an
 * outage of this endpoint costs it less than a request a second, and so does a GenAuth that refuses every token.
 *
 * Another key is taken over with its first token, so that one which GenAuth does not know yet stops nothing.
 */
export function createTokenCredentials(options: TokenCredentialsOptions): Credentials {
  const { rereadKey, now, log, random = Math.random } = options
  let key = options.accessKey
  let current: Token | null = null
  let pending: Promise<Result<void>> | null = null
  let failed: Failed | null = null
  let refusedAtMs = Number.NEGATIVE_INFINITY

  const isUsable = () => current !== null && now() < current.expiresAtMs

  /** A clock that was set back holds nothing up. */
  const isWithin = (sinceMs: number, ms: number) => {
    const elapsedMs = now() - sinceMs
    return elapsedMs >= 0 && elapsedMs < ms
  }

  /** A token that comes after another key was taken over is too late: its own may be revoked soon. */
  async function take(next: AccessKey): Promise<Result<Token>> {
    const before = key
    const fetched = await fetchToken(options, next)
    if (!fetched.ok || key !== before) return fetched
    key = next
    current = fetched.value
    failed = null
    return fetched
  }

  async function takeAcceptedKey(): Promise<Result<Token>> {
    const asked = key
    const taken = await take(asked)
    if (taken.ok || !isRefusal(taken.failure)) return taken
    // Another may have been taken over meanwhile.
    const next = isSameKey(asked, key) ? (rereadKey?.() ?? key) : key
    return isSameKey(asked, next) ? taken : take(next)
  }

  async function renew(): Promise<Result<void>> {
    if (failed !== null && isWithin(failed.atMs, failed.holdOffMs)) return fail(failed.failure)
    pending ??= takeAcceptedKey().then(fetched => {
      pending = null
      if (fetched.ok) return succeed(undefined)
      logFailure(log, ENDPOINT, fetched.failure)
      const times = (failed?.times ?? 0) + 1
      failed = { failure: fetched.failure, times, atMs: now(), holdOffMs: toHoldOffMs(times, random()) }
      return fetched
    })
    return pending
  }

  return {
    async prepare(deadline) {
      if (!isUsable()) return within(deadline, renew(), () => fail(notSent()))
      if (current !== null && now() >= current.renewAtMs) void renew()
      return succeed(undefined)
    },
    authorize: () => current?.headers ?? null,
    reject(headers) {
      if (current?.headers !== headers) return
      // A new token that is refused too: the next one would be, and each call would ask for two.
      if (isWithin(refusedAtMs, MIN_HOLD_OFF_MS)) return
      refusedAtMs = now()
      current = null
    },
    canRenew: true,
    async useKey(next) {
      if (isSameKey(next, key)) return
      const taken = await take(next)
      if (taken.ok) return
      logFailure(log, 'get-management-token', taken.failure)
      log.error('no token for the new access key: going on with the former one')
    },
    isReady() {
      if (isUsable()) return true
      void renew()
      return false
    },
  }
}

/** Half of it certain, half by chance, so that replicas do not ask in step. */
function toHoldOffMs(timesFailed: number, random: number): number {
  const limitMs = Math.min(MAX_HOLD_OFF_MS, MIN_HOLD_OFF_MS * 2 ** (timesFailed - 1))
  return (limitMs * (1 + random)) / 2
}

function isRefusal(failure: MfaFailure): boolean {
  return failure.kind === 'UPSTREAM_UNAVAILABLE' && failure.reason === 'REFUSED_CREDENTIALS'
}

async function fetchToken(
  options: TokenCredentialsOptions,
  { accessKeyId, accessKeySecret }: AccessKey,
): Promise<Result<Token>> {
  const { transport, timeoutMs, onRequest, now, observer } = options
  const requestedAtMs = now()
  onRequest()
  const observed = observer?.attemptBegins(ENDPOINT, null)
  const reply = await transport.send({
    pool: 'TOKEN',
    method: 'POST',
    path: `/api/v3/${ENDPOINT}`,
    params: { accessKeyId, accessKeySecret },
    headers: {},
    addedHeaders: observed?.headers ?? null,
    timeoutMs,
    onSent() {},
    isWanted: () => true,
  })
  const { result, outcome } = classify('TOKEN', reply)
  observed?.ended(outcome)
  if (!result.ok) return fail(toTokenFailure(result.failure))
  const parsed = tokenSchema.safeParse(result.value.data)
  if (!parsed.success) return fail(toTokenFailure(toWrongShapeFailure(result.value, parsed.error)))
  const { access_token: accessToken, expires_in: lifetimeS } = parsed.data
  const lifetimeMs = Math.min(lifetimeS ?? ASSUMED_LIFETIME_S, MAX_LIFETIME_S) * 1_000
  return succeed({
    headers: toHeaders(options, accessToken),
    renewAtMs: requestedAtMs + lifetimeMs - Math.min(RENEW_AHEAD_MS, lifetimeMs / 2),
    expiresAtMs: requestedAtMs + lifetimeMs,
  })
}

function toHeaders(
  { commonHeaders, headerPrefix, userPoolId }: TokenCredentialsOptions,
  accessToken: string,
): Headers {
  const pool = userPoolId ?? readUserPoolId(accessToken)
  const ofPool = pool === null ? {} : { [`${headerPrefix}userpool-id`]: pool }
  return { ...commonHeaders, authorization: `Bearer ${accessToken}`, ...ofPool }
}

/** The pool that the token is for. Not verified: GenAuth gave it to us over our own connection. */
function readUserPoolId(accessToken: string): string | null {
  try {
    return claimsSchema.parse(decodeJwt(accessToken)).scoped_userpool_id
  } catch {
    return null
  }
}
