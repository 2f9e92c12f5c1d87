import { decodeJwt } from 'jose'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Clock } from '../../base/clock.ts'
import { type Deadline, within } from '../../base/deadline.ts'
import { fail, notSent, succeed, type UpstreamFailure, type UpstreamResult } from '../../mfa/failure.ts'
import { API_PATH } from '../call.ts'
import { classify } from '../classify.ts'
import { toTokenFailure, toWrongShapeFailure } from '../failures.ts'
import { notNeeded, plainNumber } from '../lenient.ts'
import { logFailure } from '../log-failure.ts'
import { observeAttempt } from '../send.ts'
import type { Transport } from '../transport.ts'
import type { UpstreamObserver } from '../upstream-observer.ts'
import { type AccessKey, isSameKey, type RereadKey } from './access-key.ts'
import { type Credentials, type Headers, READY } from './credentials.ts'

export interface TokenCredentialsOptions {
  readonly transport: Transport
  readonly accessKey: AccessKey
  /** Called when GenAuth refuses the key. `null` means that the key cannot change. */
  readonly rereadKey: RereadKey | null
  /** Headers that every attempt carries. */
  readonly commonHeaders: Headers
  readonly headerPrefix: string
  /** Overrides the pool that the token itself names. */
  readonly userPoolId: string | null
  readonly timeoutMs: number
  /** Called before each request for a token, because it counts like any other request. */
  readonly onRequest: () => void
  readonly clock: Clock
  /** Returns a number from 0 to 1. */
  readonly random?: () => number
  readonly log: Logger
  readonly observer: UpstreamObserver
}

interface Token {
  /** The headers of every attempt that is made with this token. */
  readonly headers: Headers
  readonly userPoolId: string | null
  readonly renewAtMs: number
  readonly expiresAtMs: number
}

interface Failed {
  readonly failure: UpstreamFailure
  /** The number of failures in a row. */
  readonly times: number
  readonly atMs: number
  readonly holdOffMs: number
}

const ENDPOINT = 'get-management-token'
/** A token is renewed this long before it ends, or half its lifetime before if that is shorter. */
const RENEW_AHEAD_MS = 60_000
/** The lifetime of a token whose `expires_in`, documented as 7200, is missing or not a time. */
const ASSUMED_LIFETIME_S = 3_600
/** The longest hold-off after a first failure, and after many. */
const MIN_HOLD_OFF_MS = 1_000
const MAX_HOLD_OFF_MS = 5_000

/** A longer lifetime counts as this one. */
const MAX_LIFETIME_S = 86_400

const tokenSchema = z.object({
  // The token becomes a header, which allows only these characters.
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  expires_in: notNeeded(plainNumber.pipe(z.number().min(1))),
})
const claimsSchema = z.object({ scoped_userpool_id: z.string().regex(/^[\x21-\x7e]+$/) })

/**
 * Gets bearer tokens from `get-management-token`:
 *
 * - However many calls wait for a token, one request is in flight at a time.
 * - A token near its end is renewed in the background, while calls still use it.
 * - The first call that finds a token refused discards it, once.
 * - After a failure there is no new request for a while, and each call that needs a token fails immediately. During an
 *   outage this endpoint therefore gets less than a request a second. The same holds if GenAuth refuses every token.
 * - Another key is taken over with its first token. A key that GenAuth does not know yet therefore stops nothing.
 */
export class TokenCredentials implements Credentials {
  readonly canRenew = true
  readonly #options: TokenCredentialsOptions
  readonly #clock: Clock
  readonly #random: () => number
  #key: AccessKey
  #current: Token | null = null
  #userPoolId: string | null
  #pending: Promise<UpstreamResult<void>> | null = null
  #failed: Failed | null = null
  #refusedAtMs = Number.NEGATIVE_INFINITY

  constructor(options: TokenCredentialsOptions) {
    this.#options = options
    this.#clock = options.clock
    this.#random = options.random ?? Math.random
    this.#key = options.accessKey
    this.#userPoolId = options.userPoolId
  }

  get userPoolId(): string | null {
    return this.#userPoolId
  }

  async prepare(deadline: Deadline): Promise<UpstreamResult<void>> {
    const nowMs = this.#clock.now()
    const token = this.#current
    if (token === null || nowMs >= token.expiresAtMs) {
      return within(deadline, this.#renew(), () => fail(notSent()))
    }
    if (nowMs >= token.renewAtMs) void this.#renew()
    return READY
  }

  authorize(): Headers | null {
    return this.#current?.headers ?? null
  }

  reject(headers: Headers): void {
    if (this.#current?.headers !== headers) return
    // If a new token is refused, too, the next one would also be, and each call would request two tokens.
    if (this.#isWithin(this.#refusedAtMs, MIN_HOLD_OFF_MS)) return
    this.#refusedAtMs = this.#clock.now()
    this.#current = null
  }

  async useKey(next: AccessKey): Promise<void> {
    if (isSameKey(next, this.#key)) return
    const taken = await this.#take(next)
    if (taken.ok) return
    const { log } = this.#options
    logFailure(log, ENDPOINT, taken.failure)
    log.error('no token for the new access key: going on with the former one')
  }

  isReady(): boolean {
    if (this.#current !== null && this.#clock.now() < this.#current.expiresAtMs) return true
    void this.#renew()
    return false
  }

  /** A clock that was set back delays nothing. */
  #isWithin(sinceMs: number, ms: number): boolean {
    const elapsedMs = this.#clock.now() - sinceMs
    return elapsedMs >= 0 && elapsedMs < ms
  }

  async #renew(): Promise<UpstreamResult<void>> {
    if (this.#failed !== null && this.#isWithin(this.#failed.atMs, this.#failed.holdOffMs)) {
      return fail(this.#failed.failure)
    }
    this.#pending ??= this.#takeAcceptedKey().then(fetched => {
      this.#pending = null
      if (fetched.ok) return READY
      logFailure(this.#options.log, ENDPOINT, fetched.failure)
      const times = (this.#failed?.times ?? 0) + 1
      const holdOffMs = toHoldOffMs(times, this.#random())
      this.#failed = { failure: fetched.failure, times, atMs: this.#clock.now(), holdOffMs }
      return fetched
    })
    return this.#pending
  }

  async #takeAcceptedKey(): Promise<UpstreamResult<Token>> {
    const asked = this.#key
    const taken = await this.#take(asked)
    if (taken.ok || !isRefusal(taken.failure)) return taken
    // Another key may have been taken over in the time between.
    const next = isSameKey(asked, this.#key) ? (this.#options.rereadKey?.() ?? this.#key) : this.#key
    return isSameKey(asked, next) ? taken : this.#take(next)
  }

  /**
   * Takes over a key with its first token. A token that comes after another key was taken over is too late, because its
   * own key may be revoked soon.
   */
  async #take(next: AccessKey): Promise<UpstreamResult<Token>> {
    const before = this.#key
    const fetched = await fetchToken(this.#options, next)
    if (!fetched.ok || this.#key !== before) return fetched
    this.#key = next
    this.#current = fetched.value
    this.#userPoolId = fetched.value.userPoolId
    this.#failed = null
    return fetched
  }
}

/** Returns a hold-off of which half is fixed and half is random, so that replicas do not ask at the same time. */
function toHoldOffMs(timesFailed: number, random: number): number {
  const limitMs = Math.min(MAX_HOLD_OFF_MS, MIN_HOLD_OFF_MS * 2 ** (timesFailed - 1))
  return (limitMs * (1 + random)) / 2
}

function isRefusal(failure: UpstreamFailure): boolean {
  return failure.kind === 'UPSTREAM_UNAVAILABLE' && failure.reason === 'REFUSED_CREDENTIALS'
}

async function fetchToken(
  options: TokenCredentialsOptions,
  { accessKeyId, accessKeySecret }: AccessKey,
): Promise<UpstreamResult<Token>> {
  const { transport, timeoutMs, onRequest, clock, observer } = options
  const requestedAtMs = clock.now()
  onRequest()
  const observed = observeAttempt(observer, ENDPOINT, null)
  const reply = await transport.send({
    pool: 'TOKEN',
    method: 'POST',
    path: `${API_PATH}${ENDPOINT}`,
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
  const userPoolId = options.userPoolId ?? readUserPoolId(accessToken)
  return succeed({
    headers: toHeaders(options, accessToken, userPoolId),
    userPoolId,
    renewAtMs: requestedAtMs + lifetimeMs - Math.min(RENEW_AHEAD_MS, lifetimeMs / 2),
    expiresAtMs: requestedAtMs + lifetimeMs,
  })
}

function toHeaders(
  { commonHeaders, headerPrefix }: TokenCredentialsOptions,
  accessToken: string,
  userPoolId: string | null,
): Headers {
  const ofPool = userPoolId === null ? {} : { [`${headerPrefix}userpool-id`]: userPoolId }
  return { ...commonHeaders, authorization: `Bearer ${accessToken}`, ...ofPool }
}

/** Returns the pool of a token. The token is not verified, because it comes from GenAuth over our own connection. */
function readUserPoolId(accessToken: string): string | null {
  try {
    return claimsSchema.parse(decodeJwt(accessToken)).scoped_userpool_id
  } catch {
    return null
  }
}
