import type { Bulkhead } from '../bulkhead.ts'
import type { ByKind } from '../call.ts'
import type { CircuitBreaker } from '../circuit-breaker.ts'
import { type CallRequest, type Stage, skip } from './stage.ts'

interface Guards {
  readonly breakers: ByKind<Pick<CircuitBreaker, 'isOpenFor'>>
  readonly bulkheads: ByKind<Pick<Bulkhead, 'isFullFor'>>
}

/** Skips an attempt that its circuit breaker or its bulkhead would refuse now, before a permit is wasted on it. */
export function createUnblockedStage({ breakers, bulkheads }: Guards): Stage<CallRequest> {
  return next => async (request, context) => {
    const { kind } = request.call
    if (breakers[kind].isOpenFor(context.callerKey)) return skip('BREAKER_OPEN')
    if (bulkheads[kind].isFullFor(context)) return skip('NO_CONNECTION')
    return next(request, context)
  }
}
