import { decodeJwt } from 'jose'
import type { Logger } from 'pino'
import { z } from 'zod'
import { fail, type Result, succeed } from '../mfa/failure.ts'
import type { Credentials } from './credentials.ts'
import { toTokenFailure, toUnsentFailure, toVerdict, toWrongShapeFailure } from './failures.ts'
import { logFailure } from './log-failure.ts'
import type { Transport } from './transport.ts'

export interface TokenCredentialsOptions {
  readonly transport: Transport
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly headerPrefix: string
  /** Overrides the pool that the token itself names. */
  readonly userPoolId: string | null
  readonly timeoutMs: number
  readonly now: () => number
  readonly log: Logger
}

interface Token {
  readonly authorization: string
  readonly userPoolId: string | null
  readonly renewAtMs: number
  readonly expiresAtMs: number
}

const ENDPOINT_PATH = '/api/v3/get-management-token'
/** Renewed this long before it ends, or at half its life if that is shorter. */
const RENEW_AHEAD_MS = 60_000
/** Where GenAuth leaves `expires_in` out, which it documents as 7200. */
const ASSUMED_LIFETIME_S = 3_600

const tokenSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive().nullish(),
})
const claimsSchema = z.object({ scoped_userpool_id: z.string().min(1) })

/**
 * Bearer tokens from `get-management-token`. However many calls wait for one, one request is under way at a time.
 * A token near its end is renewed behind the calls that still use it; a refused one is given up, once, by whoever
 * finds out first.
 */
export function createTokenCredentials(options: TokenCredentialsOptions): Credentials {
  const { headerPrefix, userPoolId, now, log } = options
  let current: Token | null = null
  let pending: Promise<Result<Token>> | null = null

  function renew(): Promise<Result<Token>> {
    pending ??= fetchToken(options).then(fetched => {
      if (fetched.ok) current = fetched.value
      else logFailure(log, 'get-management-token', fetched.failure)
      pending = null
      return fetched
    })
    return pending
  }

  return {
    async authorize({ headers }, signal) {
      if (current !== null && now() < current.expiresAtMs) {
        if (now() >= current.renewAtMs) void renew()
        return succeed({ ...headers, ...toHeaders(current) })
      }
      const fetched = await untilAborted(renew(), signal)
      return fetched.ok ? succeed({ ...headers, ...toHeaders(fetched.value) }) : fetched
    },
    reject(headers) {
      if (current?.authorization === headers['authorization']) current = null
    },
    canRenew: true,
  }

  function toHeaders(token: Token): Record<string, string> {
    const pool = userPoolId ?? token.userPoolId
    return {
      authorization: token.authorization,
      ...(pool === null ? {} : { [`${headerPrefix}userpool-id`]: pool }),
    }
  }
}

async function fetchToken(options: TokenCredentialsOptions): Promise<Result<Token>> {
  const { transport, accessKeyId, accessKeySecret, timeoutMs, now } = options
  const requestedAtMs = now()
  const answer = await transport.send({
    method: 'POST',
    path: ENDPOINT_PATH,
    params: { accessKeyId, accessKeySecret },
    headers: {},
    signal: AbortSignal.timeout(timeoutMs),
  })
  const verdict = toVerdict(answer)
  if (!verdict.ok) return fail(toTokenFailure(verdict.failure))
  const parsed = tokenSchema.safeParse(verdict.value.data)
  if (!parsed.success) return fail(toTokenFailure(toWrongShapeFailure(verdict.value, parsed.error)))
  const { access_token: accessToken, expires_in: lifetimeS } = parsed.data
  const lifetimeMs = (lifetimeS ?? ASSUMED_LIFETIME_S) * 1_000
  return succeed({
    authorization: `Bearer ${accessToken}`,
    userPoolId: readUserPoolId(accessToken),
    renewAtMs: requestedAtMs + lifetimeMs - Math.min(RENEW_AHEAD_MS, lifetimeMs / 2),
    expiresAtMs: requestedAtMs + lifetimeMs,
  })
}

/** The pool that the token is for. Not verified: GenAuth gave it to us over our own connection. */
function readUserPoolId(accessToken: string): string | null {
  try {
    return claimsSchema.parse(decodeJwt(accessToken)).scoped_userpool_id
  } catch {
    return null
  }
}

/** The request for a token is shared; whoever waits for it keeps to its own deadline. */
function untilAborted(fetched: Promise<Result<Token>>, signal: AbortSignal): Promise<Result<Token>> {
  return new Promise(resolve => {
    const giveUp = () => resolve(fail(toUnsentFailure(signal.reason)))
    if (signal.aborted) return giveUp()
    signal.addEventListener('abort', giveUp, { once: true })
    void fetched.then(result => {
      signal.removeEventListener('abort', giveUp)
      resolve(result)
    })
  })
}
