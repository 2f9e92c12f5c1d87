import type { Logger } from 'pino'
import type { z } from 'zod'
import { fail, type Result, succeed } from '../mfa/failure.ts'
import type { Credentials } from './credentials.ts'
import type { Envelope } from './envelope.ts'
import { isUnauthorized, toVerdict, toWrongShapeFailure } from './failures.ts'
import { logFailure } from './log-failure.ts'
import type { Answer, Transport } from './transport.ts'

/** A call to one endpoint below `/api/v3/`. Parameters are the query of a GET, the body of a POST. */
export interface Call<T> {
  readonly method: 'GET' | 'POST'
  readonly endpoint: string
  readonly params: Readonly<Record<string, unknown>>
  /** The shape that `data` must have for the call to count as a success. */
  readonly data: z.ZodType<T>
}

export interface Answered<T> {
  readonly data: T
  readonly envelope: Envelope
}

/** Makes a call and says what came of it. Never throws. */
export type Exchange = <T>(call: Call<T>) => Promise<Result<Answered<T>>>

export interface ExchangeOptions {
  readonly transport: Transport
  readonly credentials: Credentials
  readonly headers: Readonly<Record<string, string>>
  /** For the whole call: waiting for a token and a second attempt included. */
  readonly timeoutMs: number
  readonly log: Logger
}

/**
 * The one place where a call is authorised, sent, judged and logged. An attempt that is refused for its token is
 * repeated once with a new one, which is safe for a write too: GenAuth has refused the first. Logs hold the
 * endpoint and numbers, never parameters or bodies.
 */
export function createExchange({
  transport,
  credentials,
  headers,
  timeoutMs,
  log,
}: ExchangeOptions): Exchange {
  async function attempt<T>(
    { method, endpoint, params }: Call<T>,
    signal: AbortSignal,
  ): Promise<Result<Answer>> {
    const path = `/api/v3/${endpoint}`
    const authorized = await credentials.authorize({ method, path, params, headers }, signal)
    if (!authorized.ok) return authorized
    const startedAtMs = performance.now()
    const answer = await transport.send({ method, path, params, headers: authorized.value, signal })
    const durationMs = Math.round(performance.now() - startedAtMs)
    log.debug({ endpoint, ...toLogFields(answer), durationMs }, 'upstream')
    if (isUnauthorized(answer)) credentials.reject(authorized.value)
    return succeed(answer)
  }

  async function attemptTwiceIfUnauthorized<T>(call: Call<T>): Promise<Result<Answer>> {
    const signal = AbortSignal.timeout(timeoutMs)
    const first = await attempt(call, signal)
    return first.ok && isUnauthorized(first.value) && credentials.canRenew ? attempt(call, signal) : first
  }

  return async call => {
    const attempted = await attemptTwiceIfUnauthorized(call)
    const judged = attempted.ok ? judge(call, attempted.value) : attempted
    if (!judged.ok) logFailure(log, call.endpoint, judged.failure)
    return judged
  }
}

function judge<T>(call: Call<T>, answer: Answer): Result<Answered<T>> {
  const verdict = toVerdict(answer)
  if (!verdict.ok) return verdict
  const envelope = verdict.value
  const data = call.data.safeParse(envelope.data)
  return data.success
    ? succeed({ data: data.data, envelope })
    : fail(toWrongShapeFailure(envelope, data.error))
}

function toLogFields(answer: Answer) {
  switch (answer.kind) {
    case 'ENVELOPE': {
      const { statusCode, apiCode, requestId } = answer.envelope
      return { httpStatus: answer.httpStatus, statusCode, apiCode, upstreamRequestId: requestId }
    }
    case 'FOREIGN':
      return { httpStatus: answer.httpStatus, foreign: true }
    case 'NONE':
      return { unanswered: answer.reason }
  }
}
