import type { ObservedAttempt, UpstreamObserver } from '../genauth/upstream-observer.ts'
import type { Metrics } from './metrics.ts'
import type { Tracing } from './tracing.ts'

/** What is no fault of GenAuth's or ours, but an answer. */
const ANSWERS = new Set(['OK', 'USER_NOT_FOUND', 'INVALID_INPUT', 'CONFLICT', 'OPERATION_REFUSED'])

/** Counts, times and traces the attempts at calls to GenAuth. */
export function createUpstreamObserver(metrics: Metrics | null, tracing: Tracing | null): UpstreamObserver {
  return {
    attemptBegins(endpoint, trace): ObservedAttempt {
      const startedAtMs = performance.now()
      const span = tracing?.begin(`GenAuth ${endpoint}`, 'CLIENT', trace)
      return {
        headers: span === undefined || tracing === null ? null : tracing.toHeaders(span.context),
        ended(outcome) {
          const seconds = (performance.now() - startedAtMs) / 1_000
          metrics?.upstreamSeconds.observe({ endpoint, outcome }, seconds)
          span?.end({ 'genauth.endpoint': endpoint, 'genauth.outcome': outcome }, !ANSWERS.has(outcome))
        },
      }
    },
    notSent: (_endpoint, reason) => metrics?.upstreamNotSent.inc({ reason }),
    breakerOpened: kind => metrics?.breakerOpened.inc({ kind }),
  }
}
