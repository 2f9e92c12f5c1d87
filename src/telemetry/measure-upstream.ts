import type { AppEvents } from '../app-events.ts'
import type { Events } from '../base/events.ts'
import { SKIP_REASONS } from '../genauth/upstream-observer.ts'
import type { Metrics } from './metrics.ts'

/** A read takes GenAuth some milliseconds. An attempt ends after 5 s, unless it is allowed more. */
const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

export function measureUpstream(metrics: Metrics, events: Events<AppEvents>): void {
  const durations = metrics.histogram(
    'upstream_request_duration_seconds',
    'Attempts that were sent to GenAuth, by endpoint and outcome; get-management-token renews the token.',
    BUCKETS_S,
    'endpoint',
    'outcome',
  )
  const notSent = metrics.counterOf(
    'upstream_not_sent_total',
    'Attempts that were not sent, by skip reason.',
    'reason',
    SKIP_REASONS,
  )
  const opened = metrics.counterOf(
    'breaker_opened_total',
    'How often a circuit breaker has opened.',
    'kind',
    ['READ', 'WRITE'],
  )
  events.on('attempt', ({ endpoint, outcome, seconds }) => durations.observe({ endpoint, outcome }, seconds))
  events.on('notSent', ({ reason }) => notSent.inc({ reason }))
  events.on('breakerOpened', ({ kind }) => opened.inc({ kind }))
}
