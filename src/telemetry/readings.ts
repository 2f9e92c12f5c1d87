import type { Clock } from '../base/clock.ts'
import type { UpstreamReadings } from '../genauth/client.ts'
import type { EventLoopLag } from '../http/event-loop-lag.ts'
import type { NotReadyReason } from '../http/readiness.ts'
import type { ServerReadings } from '../http/server.ts'
import type { BackgroundJournal } from '../journal/background-journal.ts'
import { addHistoryReadings, type MeasuredHistory } from './history-readings.ts'
import type { Metrics } from './metrics.ts'
import { addScanReadings, type MeasuredStore } from './scan-readings.ts'

/** The values that are read when somebody looks. The parts of the product keep them anyway. */
export interface Readings {
  readonly genauthClient: { readonly readings: UpstreamReadings }
  readonly http: { readonly readings: ServerReadings }
  readonly eventLoopLag: Pick<EventLoopLag, 'delayMs'>
  readonly journal: Pick<BackgroundJournal, 'pendingFollowUps' | 'sealedFaults'>
  /** `null` if nothing is shared with other replicas. */
  readonly replicas: { readonly state: 'SHARED' | 'LOCAL'; readonly replicas: number | null } | null
  /** `null` likewise. */
  readonly sharedChanges: { readonly state: 'SHARED' | 'LOCAL' } | null
  /** `null` if there is no store. */
  readonly store: MeasuredStore | null
  readonly history: MeasuredHistory | null
}

/** An object, so that a reason that is added later cannot be forgotten here. */
const NOT_READY_REASONS: Readonly<Record<NotReadyReason, true>> = {
  UPSTREAM_TOKEN: true,
  JOURNAL: true,
  ISSUER_KEYS: true,
  OVERLOADED: true,
  STOPPING: true,
}

/** Adds gauges of the current state. */
export function addReadings(metrics: Metrics, readings: Readings, clock: Clock): void {
  const { genauthClient, http, eventLoopLag, journal, replicas, sharedChanges, store, history } = readings
  const { throttle, bulkheads, breakers } = genauthClient.readings
  const { inFlightRequests, eventStreams, notReadyReasons } = http.readings
  metrics.gauge('upstream_waiting', 'Calls that wait for their permit.', () => throttle.waiting)
  metrics.gauge(
    'upstream_waiting_in_background',
    'Those of them for which no caller waits, as calls of a scan.',
    () => throttle.waitingInBackground,
  )
  metrics.gauge(
    'upstream_budget_requests_per_second',
    'Rate at which attempts may be sent; below GENAUTH_MAX_RPS after a 429.',
    () => throttle.requestsPerSecond,
  )
  metrics.gaugeOf('upstream_in_flight', 'Attempts under way.', 'kind', {
    READ: () => bulkheads.READ.inFlight,
    WRITE: () => bulkheads.WRITE.inFlight,
  })
  metrics.gaugeOf('breaker_open', '1 while the circuit breaker lets no call through but a probe.', 'kind', {
    READ: () => Number(breakers.READ.state !== 'CLOSED'),
    WRITE: () => Number(breakers.WRITE.state !== 'CLOSED'),
  })
  metrics.gauge(
    'requests_under_way',
    'Requests for operations, from arrival to result.',
    () => inFlightRequests.underWay,
  )
  metrics.gauge(
    'requests_in_flight',
    'Requests under way that wait for neither a body nor a permit. Load shedding goes by it and by the event loop lag.',
    () => inFlightRequests.inFlight,
  )
  metrics.gauge(
    'event_streams',
    'Subscriptions that are open. They are under way, but not in flight.',
    () => eventStreams.open,
  )
  metrics.gauge('event_loop_delay_seconds', 'How late the event loop is.', () => eventLoopLag.delayMs / 1_000)
  metrics.gauge(
    'write_follow_ups_pending',
    'Writes whose outcome stayed UNKNOWN and that will be looked at again.',
    () => journal.pendingFollowUps(),
  )
  metrics.gauge(
    'journal_broken_segments',
    'Sealed segments of the journal that were found not in order since the start.',
    () => journal.sealedFaults().broken,
  )
  metrics.gauge(
    'journal_unverified_segments',
    'Sealed segments of the journal under a key that is not given, or unreadable.',
    () => journal.sealedFaults().unverified,
  )
  if (replicas !== null) {
    metrics.gauge(
      'sharing_lost',
      '1 while Redis is slow or lost, and this replica goes on with a share of its own.',
      () => Number(replicas.state === 'LOCAL'),
    )
    metrics.gauge('replicas', 'That were alive when Redis last said so, this one included.', () => {
      return replicas.replicas ?? 0
    })
  }
  if (sharedChanges !== null) {
    metrics.gauge(
      'changes_not_shared',
      '1 while changes reach only the subscriptions of the same replica.',
      () => Number(sharedChanges.state === 'LOCAL'),
    )
  }
  if (store !== null) addScanReadings(metrics, store, clock)
  if (history !== null) addHistoryReadings(metrics, history)
  metrics.gaugeOf(
    'not_ready',
    '1 while this is a reason for /ready to say no.',
    'reason',
    Object.fromEntries(
      Object.keys(NOT_READY_REASONS).map(reason => [
        reason,
        () => Number(notReadyReasons().some(found => found === reason)),
      ]),
    ),
  )
}
