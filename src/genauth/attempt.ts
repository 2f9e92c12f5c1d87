import type { Logger } from 'pino'
import type { Deadline } from '../mfa/deadline.ts'
import { fail, notSent, type Result, succeed } from '../mfa/failure.ts'
import type { Operation } from '../mfa/operation.ts'
import { type Breaker, createBreaker } from './breaker.ts'
import { toCallHealth } from './call-health.ts'
import type { Credentials, Headers, UnauthorizedRequest } from './credentials.ts'
import type { Call } from './exchange.ts'
import { isThrottled, isUnauthorized } from './failures.ts'
import type { Governor } from './governor.ts'
import { type Answer, MAX_CONNECTIONS, type Transport } from './transport.ts'

/** Sends a call once. A failure: it was not sent. */
export type Attempt = (
  call: Call<unknown>,
  operation: Operation,
  deadline: Deadline,
) => Promise<Result<Answer>>

export interface AttemptOptions {
  readonly transport: Transport
  readonly credentials: Credentials
  readonly governor: Governor
  readonly headers: Readonly<Record<string, string>>
  /** For one attempt, once it is sent. */
  readonly timeoutMs: number
  readonly log: Logger
}

/** One class of calls: what it has under way, and whether GenAuth serves it. */
interface Lane {
  inFlight: number
  readonly breaker: Breaker
}

/** Time that ran out says something about GenAuth only where it had this long to answer. */
const PATIENT_MS = 1_000

/** Of the connections for reads: when all the others hang on what is only looked at, a set can still begin. */
const KEPT_FOR_SETS = 50

/**
 * One attempt waits until its deadline for a token and then for its turn, and for nothing else: where the breaker
 * of its class is open or all connections of its class are taken, it is not sent, and fails at once. That is asked
 * before its turn, which is lost on a call that is not sent, and again when it has come. The signature is made
 * last, when the request really leaves.
 */
export function createAttempt(options: AttemptOptions): Attempt {
  const { transport, credentials, governor, timeoutMs, log } = options
  const lanes: Readonly<Record<'READ' | 'WRITE', Lane>> = {
    READ: createLane('READ', log),
    WRITE: createLane('WRITE', log),
  }

  /** The token that was at hand may have been refused while this call waited for its turn. */
  async function authorize(request: UnauthorizedRequest, deadline: Deadline): Promise<Result<Headers>> {
    const headers = credentials.authorize(request)
    if (headers !== null) return succeed(headers)
    const unprepared = await credentials.prepare(deadline)
    if (unprepared !== null) return fail(unprepared)
    const renewed = credentials.authorize(request)
    return renewed === null ? fail(notSent()) : succeed(renewed)
  }

  async function send(
    { kind, endpoint }: Call<unknown>,
    { method, path, params }: UnauthorizedRequest,
    headers: Headers,
    signal: AbortSignal,
  ): Promise<Answer> {
    const startedAtMs = performance.now()
    const answer = await transport.send({ kind, method, path, params, headers, signal })
    const durationMs = Math.round(performance.now() - startedAtMs)
    log.debug({ endpoint, ...toLogFields(answer), durationMs }, 'upstream')
    if (isUnauthorized(answer)) credentials.reject(headers)
    return answer
  }

  return async (call, operation, deadline) => {
    const lane = lanes[call.kind]
    const maxInFlight = MAX_CONNECTIONS[call.kind] - (operation.priority === 'READ' ? KEPT_FOR_SETS : 0)
    const isBarred = () =>
      deadline.remainingMs() < 1 ||
      !operation.isWanted() ||
      lane.breaker.state === 'OPEN' ||
      lane.inFlight >= maxInFlight
    const unprepared = await credentials.prepare(deadline)
    if (unprepared !== null) return fail(unprepared)
    if (isBarred()) return fail(notSent())
    const refusal = await governor.turn(operation, deadline)
    if (refusal !== null) return fail(refusal)

    const { method, endpoint, params } = call
    const request = { method, path: `/api/v3/${endpoint}`, params, headers: options.headers }
    const authorized = await authorize(request, deadline)
    if (!authorized.ok) return authorized
    if (isBarred()) return fail(notSent())
    const limitMs = Math.floor(Math.min(timeoutMs, deadline.remainingMs()))
    const report = lane.breaker.enter()
    if (report === null) return fail(notSent())
    lane.inFlight++
    const signal = AbortSignal.timeout(limitMs)
    const answer = await send(call, request, authorized.value, signal)
    lane.inFlight--
    report(toCallHealth(answer, signal.aborted && limitMs < Math.min(timeoutMs, PATIENT_MS)))
    if (isThrottled(answer)) governor.slowDown()
    return succeed(answer)
  }
}

function createLane(kind: string, log: Logger): Lane {
  const onChange = (state: Breaker['state']) => log.warn({ kind, state }, 'circuit breaker')
  return { inFlight: 0, breaker: createBreaker({ onChange }) }
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
