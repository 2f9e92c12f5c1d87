import type { ByKind } from '../call.ts'
import type { CircuitBreaker } from '../circuit-breaker.ts'
import type { CallHealth } from '../classify.ts'
import type { SignedRequest } from './sign.ts'
import { type Stage, skip } from './stage.ts'

/** Passes an attempt through the circuit breaker of its kind, and reports its health to that breaker. */
export function createBreakerStage(breakers: ByKind<Pick<CircuitBreaker, 'enter'>>): Stage<SignedRequest> {
  return next => async (request, context) => {
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
}
