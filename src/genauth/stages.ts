import type { CallContext } from '../mfa/call-context.ts'
import { notSent, type UpstreamFailure } from '../mfa/failure.ts'
import type { Permit, Throttle } from '../throttle/throttle.ts'
import type { Bulkhead } from './bulkhead.ts'
import { API_PATH, type ByKind, type Call } from './call.ts'
import type { CircuitBreaker } from './circuit-breaker.ts'
import type { CallHealth, ClassifiedReply } from './classify.ts'
import type { Credentials, Headers } from './credentials/credentials.ts'
import type { SkipReason } from './upstream-observer.ts'

/** The outcome of an attempt. `SKIPPED` means that it was not sent. */
export type Attempted =
  | { readonly kind: 'SKIPPED'; readonly reason: SkipReason; readonly failure: UpstreamFailure }
  | ({ readonly kind: 'REPLIED' } & ClassifiedReply)

export interface CallRequest {
  readonly call: Call<unknown>
}

interface PermittedRequest extends CallRequest {
  readonly permit: Permit
}

interface SignedRequest extends PermittedRequest {
  readonly headers: Headers
}

/** The time that was left when the attempt was found to be in time. */
interface TimelyRequest {
  readonly remainingMs: number
}

export type ReadyRequest = SignedRequest & TimelyRequest

/** Passes a call on towards GenAuth. Stages add what the later ones need. It never throws. */
export type Send<R extends CallRequest> = (request: R, context: CallContext) => Promise<Attempted>

/** One step of a call, around all later ones. It continues by calling `next`, or skips the attempt. */
export type Stage<Outer extends CallRequest, Inner extends CallRequest = Outer> = (
  next: Send<Inner>,
) => Send<Outer>

export interface StagesOptions {
  readonly credentials: Pick<Credentials, 'prepare' | 'authorize' | 'reject'>
  readonly throttle: Pick<Throttle, 'acquire' | 'slowDown'>
  readonly breakers: ByKind<Pick<CircuitBreaker, 'isOpenFor' | 'enter'>>
  readonly bulkheads: ByKind<Pick<Bulkhead, 'isFullFor' | 'enter'>>
}

/** Creates the stages of an attempt. `createCalls` puts them in order. */
export function createStages({ credentials, throttle, breakers, bulkheads }: StagesOptions) {
  /** Waits for a token, if there is none. */
  const token: Stage<CallRequest> = next => async (request, context) => {
    const ready = await credentials.prepare(context.deadline)
    return ready.ok ? next(request, context) : skip('NO_TOKEN', ready.failure)
  }

  /** Skips an attempt that its circuit breaker or its bulkhead would refuse now, before a permit is wasted on it. */
  const unblocked: Stage<CallRequest> = next => async (request, context) => {
    const { kind } = request.call
    if (breakers[kind].isOpenFor(context.callerKey)) return skip('BREAKER_OPEN')
    if (bulkheads[kind].isFullFor(context)) return skip('NO_CONNECTION')
    return next(request, context)
  }

  /** Waits for a permit, and gives it back if it was not used, whatever the outcome of the attempt is. */
  const permit: Stage<CallRequest, PermittedRequest> = next => async (request, context) => {
    const acquired = await throttle.acquire(context)
    if (!acquired.ok) return skip('NO_TURN', acquired.failure)
    const permit = acquired.value
    try {
      const attempted = await next({ ...request, permit }, context)
      if (attempted.kind === 'REPLIED' && attempted.isThrottled) throttle.slowDown()
      return attempted
    } finally {
      permit.release()
    }
  }

  /** Adds the headers that authorise an attempt, as late as possible, because signatures are dated and tokens end. */
  const sign: Stage<PermittedRequest, SignedRequest> = next => async (request, context) => {
    const { method, endpoint, params } = request.call
    const unsigned = { method, path: `${API_PATH}${endpoint}`, params }
    let headers = credentials.authorize(unsigned)
    if (headers === null) {
      // GenAuth refused the current token while this call waited for its permit.
      const renewed = await credentials.prepare(context.deadline)
      if (!renewed.ok) return skip('NO_TOKEN', renewed.failure)
      headers = credentials.authorize(unsigned)
      if (headers === null) return skip('NO_TOKEN')
    }
    const attempted = await next({ ...request, headers }, context)
    if (attempted.kind === 'REPLIED' && attempted.isUnauthorized) credentials.reject(headers)
    return attempted
  }

  /** Passes an attempt through the circuit breaker of its kind, and reports its health to that breaker. */
  const breaker: Stage<ReadyRequest> = next => async (request, context) => {
    const { kind, subject } = request.call
    const report = breakers[kind].enter({ callerKey: context.callerKey, subject })
    if (report === null) return skip('BREAKER_OPEN')
    let health: CallHealth = 'NEITHER'
    try {
      const attempted = await next(request, context)
      if (attempted.kind === 'REPLIED') health = attempted.health
      return attempted
    } finally {
      report(health)
    }
  }

  /** Takes a place in the bulkhead of its kind for as long as the attempt lasts. */
  const bulkhead: Stage<ReadyRequest> = next => async (request, context) => {
    const places = bulkheads[request.call.kind]
    if (places.isFullFor(context)) return skip('NO_CONNECTION')
    const leave = places.enter(context)
    try {
      return await next(request, context)
    } finally {
      leave()
    }
  }

  return { token, timely, unblocked, permit, sign, breaker, bulkhead }
}

/** Skips an attempt whose time is over, or whose caller has left. */
function timely<R extends CallRequest>(next: Send<R & TimelyRequest>): Send<R> {
  return async (request, context) => {
    const remainingMs = context.deadline.remainingMs()
    if (remainingMs < 1) return skip('NO_TIME')
    if (!context.isWanted()) return skip('NOT_WANTED')
    return next({ ...request, remainingMs }, context)
  }
}

function skip(reason: SkipReason, failure: UpstreamFailure = notSent()): Attempted {
  return { kind: 'SKIPPED', reason, failure }
}
