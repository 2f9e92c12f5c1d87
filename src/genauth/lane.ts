import type { Logger } from 'pino'
import { type CallerShares, createCallerShares } from './caller-shares.ts'
import { type Breaker, type BreakerScope, createBreaker } from './circuit-breaker.ts'
import type { UpstreamObserver } from './upstream-observer.ts'

/** One class of calls: what it has under way, and whether GenAuth serves it. */
export interface Lane {
  inFlight: number
  readonly callerShares: CallerShares
  readonly breaker: Breaker
}

export type Lanes = Readonly<Record<'READ' | 'WRITE', Lane>>

export function createLanes(log: Logger, observer: UpstreamObserver | null): Lanes {
  const createLane = (kind: 'READ' | 'WRITE'): Lane => {
    const onChange = (state: Breaker['state'], scope: BreakerScope) => {
      log.warn({ kind, state, scope }, 'circuit breaker')
      if (state === 'OPEN') observer?.breakerOpened(kind)
    }
    return { inFlight: 0, callerShares: createCallerShares(), breaker: createBreaker({ onChange }) }
  }
  return { READ: createLane('READ'), WRITE: createLane('WRITE') }
}
