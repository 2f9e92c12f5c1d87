import type { Logger } from 'pino'
import type { Caller } from '../access/caller.ts'
import type { UpstreamObserver } from '../genauth/upstream-observer.ts'
import type { RequestObserver } from '../http/request-observer.ts'
import type { FollowUpFinding } from '../journal/records.ts'
import type { CallerLimits } from '../mfa/caller-limits.ts'
import type { GuardRail } from '../mfa/guard-rail.ts'
import type { MfaJournal } from '../mfa/journal-port.ts'
import type { UnsharedLockOutcome } from '../mfa/shared-lock.ts'
import { readPackageVersion } from '../package-version.ts'
import { observeJournal } from './observe-journal.ts'
import { observeLimits } from './observe-limits.ts'
import { createRequestObserver } from './observe-requests.ts'
import { createUpstreamObserver } from './observe-upstream.ts'
import { addReadings, type Readings } from './readings.ts'
import { serveMetrics } from './serve-metrics.ts'
import type { TraceSettings } from './trace-settings.ts'

export interface TelemetrySettings {
  /** `null`: no metrics. */
  readonly metrics: { readonly port: number; readonly host: string } | null
  /** `null`: no traces. */
  readonly traces: TraceSettings | null
}

export interface TelemetryOptions extends TelemetrySettings {
  /** Of idle connections to the port of the metrics. */
  readonly keepAliveTimeoutMs: number
  readonly log: Logger
}

/** What is seen of the product from outside, beside its log. */
export interface Telemetry {
  readonly upstreamObserver: UpstreamObserver
  readonly requestObserver: RequestObserver
  readonly observeJournal: (journal: MfaJournal) => MfaJournal
  readonly observeLimits: (limitsOf: (caller: Caller) => CallerLimits) => (caller: Caller) => CallerLimits
  readonly onFollowUp: (found: FollowUpFinding) => void
  readonly noteRefusal: (guardRail: GuardRail) => void
  readonly noteUnsharedLock: (outcome: UnsharedLockOutcome) => void
  readonly addReadings: (readings: Readings) => void
  /** Null: no metrics. */
  readonly metricsUrl: string | null
  close(): Promise<void>
}

/**
 * Metrics for Prometheus, spans over OTLP, or both. Of each the library is loaded only where it is wanted.
 *
 * @throws what the system says when the port of the metrics cannot be listened on
 */
export async function createTelemetry({
  metrics: served,
  traces,
  keepAliveTimeoutMs,
  log,
}: TelemetryOptions): Promise<Telemetry> {
  const version = readPackageVersion()
  const metrics = served && (await import('./metrics.ts')).createMetrics(version)
  const server = metrics && (await serveMetrics(metrics.registry, { ...served, keepAliveTimeoutMs }))
  const onSpans = (outcome: 'exported' | 'lost', count: number) => metrics?.spans.inc({ outcome }, count)
  const tracing = traces && (await import('./tracing.ts')).createTracing({ ...traces, version, onSpans, log })

  return {
    upstreamObserver: createUpstreamObserver(metrics, tracing),
    requestObserver: createRequestObserver(metrics, tracing),
    observeJournal: journal => observeJournal(journal, metrics, tracing),
    observeLimits: limitsOf => (metrics === null ? limitsOf : observeLimits(limitsOf, metrics)),
    onFollowUp: found => metrics?.followUps.inc({ found }),
    noteRefusal: guardRail => metrics?.guardRailRefusals.inc({ guard_rail: guardRail }),
    noteUnsharedLock: outcome => metrics?.unsharedLocks.inc({ outcome }),
    addReadings: readings => metrics && addReadings(metrics, readings),
    metricsUrl: server?.url ?? null,
    async close() {
      await tracing?.close()
      await server?.close()
    },
  }
}
