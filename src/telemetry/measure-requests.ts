import type { AppEvents } from '../app-events.ts'
import type { Events } from '../base/events.ts'
import type { Metrics } from './metrics.ts'

/** An operation makes one call to GenAuth or several, and ends after 10 s. */
const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export function measureRequests(metrics: Metrics, events: Events<AppEvents>): void {
  const operations = metrics.counter(
    'operations_total',
    'Root fields that have ended, by field, and by type of the payload or code of the error.',
    'field',
    'outcome',
  )
  const durations = metrics.histogram(
    'operation_duration_seconds',
    'Time from the arrival of an executed query or mutation to the end of its response.',
    BUCKETS_S,
    'operation',
  )
  const responses = metrics.counter(
    'responses_total',
    'Responses to requests for operations, by HTTP status; gone: the client had left.',
    'status',
  )
  const errors = metrics.counter(
    'errors_total',
    'Responses with a GraphQL error, by code (each once) and HTTP status.',
    'code',
    'status',
  )
  events.on('rootField', ({ field, outcome }) => operations.inc({ field, outcome }))
  events.on('request', ({ status: sentStatus, operation, codes, seconds }) => {
    const status = sentStatus ?? 'gone'
    responses.inc({ status })
    for (const code of codes) errors.inc({ code, status })
    // A stream lasts for as long as somebody watches, which is no sign of slowness.
    if (operation !== null && operation !== 'subscription') durations.observe({ operation }, seconds)
  })
}
