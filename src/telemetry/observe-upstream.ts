import type { ObservedAttempt, UpstreamObserver } from '../genauth/upstream-observer.ts'
import { FAILURE_KINDS, FAILURES } from '../mfa/failure.ts'
import type { Metrics } from './metrics.ts'
import type { Tracing } from './tracing.ts'

/** Outcomes that are a reply, and no fault of GenAuth's or this server's: those that callers cause are not logged either. */
const REPLIES: ReadonlySet<string> = new Set(['OK', ...FAILURE_KINDS.filter(kind => !FAILURES[kind].log)])

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
          span?.end({ 'genauth.endpoint': endpoint, 'genauth.outcome': outcome }, !REPLIES.has(outcome))
        },
      }
    },
    notSent: (_endpoint, reason) => metrics?.upstreamNotSent.inc({ reason }),
    breakerOpened: kind => metrics?.breakerOpened.inc({ kind }),
  }
}
