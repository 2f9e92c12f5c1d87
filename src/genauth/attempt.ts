import type { CallContext } from '../mfa/call-context.ts'
import { notSent, type UpstreamFailure } from '../mfa/failure.ts'
import type { Permit, Throttle } from '../throttle/throttle.ts'
import type { Bulkhead } from './bulkhead.ts'
import { API_PATH, type ByKind, type Call } from './call.ts'
import type { CircuitBreaker } from './circuit-breaker.ts'
import type { CallHealth, ClassifiedReply } from './classify.ts'
import type { Credentials } from './credentials/credentials.ts'
import { createSend, type SendOptions } from './send.ts'
import type { SkipReason } from './upstream-observer.ts'

/** The outcome of an attempt. `SKIPPED` means that it was not sent. */
export type Attempted =
  | { readonly kind: 'SKIPPED'; readonly reason: SkipReason; readonly failure: UpstreamFailure }
  | ClassifiedReply

/** Makes one attempt at a call. It never throws. */
export type MakeAttempt = (call: Call<unknown>, context: CallContext) => Promise<Attempted>

export interface AttemptOptions extends SendOptions {
  readonly credentials: Pick<Credentials, 'prepare' | 'authorize' | 'reject'>
  readonly throttle: Pick<Throttle, 'acquire' | 'slowDown'>
  readonly breakers: ByKind<Pick<CircuitBreaker, 'isOpenFor' | 'enter'>>
  readonly bulkheads: ByKind<Pick<Bulkhead, 'isFullFor' | 'enter' | 'leave'>>
}

/**
 * Makes attempts. An attempt waits for a token and for a permit, and for nothing else. One that cannot be sent is
 * skipped before it acquires a permit. This is checked again when it has one, because time has passed.
 */
export function createAttempt(options: AttemptOptions): MakeAttempt {
  const { credentials, throttle, breakers, bulkheads } = options
  const send = createSend(options)

  /** Returns the reason if an attempt would be refused now, so that it costs no permit. Otherwise it returns `null`. */
  function findBlockReason({ kind }: Call<unknown>, context: CallContext): SkipReason | null {
    if (breakers[kind].isOpenFor(context.callerKey)) return 'BREAKER_OPEN'
    return bulkheads[kind].isFullFor(context) ? 'NO_CONNECTION' : null
  }

  /** Authorises and sends an attempt, as far as its circuit breaker and its bulkhead let it. */
  async function attemptWith(permit: Permit, call: Call<unknown>, context: CallContext): Promise<Attempted> {
    const { kind, method, endpoint, params, subject } = call
    const { deadline, callerKey } = context
    // The headers come as late as possible, because signatures are dated and tokens end.
    const unsigned = { method, path: `${API_PATH}${endpoint}`, params }
    let headers = credentials.authorize(unsigned)
    if (headers === null) {
      // GenAuth refused the current token while this call waited for its permit.
      const renewed = await credentials.prepare(deadline)
      if (!renewed.ok) return skip('NO_TOKEN', renewed.failure)
      headers = credentials.authorize(unsigned)
      if (headers === null) return skip('NO_TOKEN')
    }
    const remainingMs = deadline.remainingMs()
    const reason = findEndReason(remainingMs, context)
    if (reason !== null) return skip(reason)
    const report = breakers[kind].enter({ callerKey, subject })
    if (report === null) return skip('BREAKER_OPEN')
    let health: CallHealth = 'NEITHER'
    try {
      const places = bulkheads[kind]
      if (places.isFullFor(context)) return skip('NO_CONNECTION')
      places.enter(context)
      try {
        const replied = await send({ call, permit, headers, remainingMs }, context)
        health = replied.health
        if (replied.isUnauthorized) credentials.reject(headers)
        return replied
      } finally {
        places.leave(context)
      }
    } finally {
      report(health)
    }
  }

  return async (call, context) => {
    const ready = await credentials.prepare(context.deadline)
    if (!ready.ok) return skip('NO_TOKEN', ready.failure)
    const reason = findEndReason(context.deadline.remainingMs(), context) ?? findBlockReason(call, context)
    if (reason !== null) return skip(reason)
    const acquired = await throttle.acquire(context)
    if (!acquired.ok) return skip('NO_TURN', acquired.failure)
    const permit = acquired.value
    try {
      const attempted = await attemptWith(permit, call, context)
      if (attempted.kind === 'REPLIED' && attempted.isThrottled) throttle.slowDown()
      return attempted
    } finally {
      permit.release()
    }
  }
}

/** Returns the reason if the time of an attempt is over, or if its caller has left. Otherwise it returns `null`. */
function findEndReason(remainingMs: number, { isWanted }: CallContext): SkipReason | null {
  if (remainingMs < 1) return 'NO_TIME'
  return isWanted() ? null : 'NOT_WANTED'
}

function skip(reason: SkipReason, failure: UpstreamFailure = notSent()): Attempted {
  return { kind: 'SKIPPED', reason, failure }
}
