import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { BARS } from '../genauth/upstream-observer.ts'
import { FOLLOW_UP_FINDINGS } from '../journal/records.ts'
import { GUARD_RAILS } from '../mfa/guard-rail.ts'
import { UNSHARED_LOCK_OUTCOMES } from '../mfa/shared-lock.ts'

const PREFIX = 'genauth_graphql_'
/** A read takes GenAuth some milliseconds; an attempt ends after 5 s, unless it is allowed more. */
const UPSTREAM_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
/** An operation is one call or several, and ends after 10 s. */
const OPERATION_BUCKETS_S = [...UPSTREAM_BUCKETS_S, 10]
/** A disk takes one to ten milliseconds for a sync; a stream takes less. */
const COMMIT_BUCKETS_S = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1]

export const LIMITS = ['reads', 'writes', 'weakenings', 'misses'] as const

export type Metrics = ReturnType<typeof createMetrics>

/** What is counted and measured while things happen. Every label has a closed set of values. */
export function createMetrics(version: string) {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]

  function counter<L extends string>(name: string, help: string, ...labelNames: L[]): Counter<L> {
    return new Counter({ name: `${PREFIX}${name}`, help, labelNames, registers })
  }

  function histogram<L extends string>(name: string, help: string, buckets: number[], ...labelNames: L[]) {
    return new Histogram({ name: `${PREFIX}${name}`, help, labelNames, buckets, registers })
  }

  const metrics = {
    registry,
    operations: counter(
      'operations_total',
      'Root fields answered: by field, and by type of the payload or code of the error.',
      'field',
      'outcome',
    ),
    operationSeconds: histogram(
      'operation_duration_seconds',
      'From the arrival of a request that was executed to the end of its answer.',
      OPERATION_BUCKETS_S,
      'operation',
    ),
    responses: counter(
      'responses_total',
      'Answers to requests for operations, by HTTP status; gone: the client had left.',
      'status',
    ),
    errors: counter(
      'errors_total',
      'Answers that hold a GraphQL error, by its code, once for each code, and HTTP status.',
      'code',
      'status',
    ),
    upstreamSeconds: histogram(
      'upstream_request_duration_seconds',
      'Attempts that were sent to GenAuth, by endpoint and outcome; get-management-token renews the token.',
      UPSTREAM_BUCKETS_S,
      'endpoint',
      'outcome',
    ),
    upstreamNotSent: counter(
      'upstream_not_sent_total',
      'Attempts that were not sent, by the reason why.',
      'reason',
    ),
    breakerOpened: counter('breaker_opened_total', 'How often a circuit breaker has opened.', 'kind'),
    limited: counter('limited_total', 'Users refused by the limits for each caller, by the limit.', 'limit'),
    unsharedLocks: counter(
      'unshared_locks_total',
      'Changes whose lock replicas did not share: made all the same, or refused.',
      'outcome',
    ),
    guardRailRefusals: counter(
      'guard_rail_refusals_total',
      'Changes that a guard rail refused, by the guard rail.',
      'guard_rail',
    ),
    journalSeconds: histogram(
      'journal_commit_duration_seconds',
      'Until the intent of a set was durable.',
      COMMIT_BUCKETS_S,
    ),
    journalFailures: counter(
      'journal_failures_total',
      'Sets refused since their intent could not be recorded.',
    ),
    writes: counter('writes_total', 'Writes on record that have ended, by outcome.', 'outcome'),
    followUps: counter(
      'write_follow_ups_total',
      'Writes whose outcome stayed UNKNOWN and that were looked at again, by what was found.',
      'found',
    ),
    spans: counter('spans_total', 'Spans: taken by the collector, or lost.', 'outcome'),
    gauge(name: string, help: string, read: () => number): void {
      new Gauge({
        name: `${PREFIX}${name}`,
        help,
        registers,
        collect() {
          this.set(read())
        },
      })
    },
    gaugeOf<L extends string>(
      name: string,
      help: string,
      label: L,
      read: Readonly<Record<string, () => number>>,
    ) {
      new Gauge<L>({
        name: `${PREFIX}${name}`,
        help,
        labelNames: [label],
        registers,
        collect() {
          for (const [value, readOne] of Object.entries(read)) {
            this.set({ [label]: value } as Record<L, string>, readOne())
          }
        },
      })
    },
  }

  // A series that is there from the start shows its first increase as well.
  for (const reason of BARS) metrics.upstreamNotSent.inc({ reason }, 0)
  for (const kind of ['READ', 'WRITE']) metrics.breakerOpened.inc({ kind }, 0)
  for (const guardRail of GUARD_RAILS) metrics.guardRailRefusals.inc({ guard_rail: guardRail }, 0)
  for (const outcome of UNSHARED_LOCK_OUTCOMES) metrics.unsharedLocks.inc({ outcome }, 0)
  for (const limit of LIMITS) metrics.limited.inc({ limit }, 0)
  for (const outcome of ['APPLIED', 'NOT_APPLIED', 'UNKNOWN']) metrics.writes.inc({ outcome }, 0)
  for (const found of FOLLOW_UP_FINDINGS) metrics.followUps.inc({ found }, 0)
  for (const outcome of ['exported', 'lost']) metrics.spans.inc({ outcome }, 0)
  metrics.gaugeOf('build_info', 'Always 1; the version is a label.', 'version', { [version]: () => 1 })
  return metrics
}
