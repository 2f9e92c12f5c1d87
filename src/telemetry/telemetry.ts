import type { Logger } from 'pino'
import type { AppEvents } from '../app-events.ts'
import type { Clock } from '../base/clock.ts'
import type { Events } from '../base/events.ts'
import type { Tracer } from '../base/tracer.ts'
import { readPackageVersion } from '../package-version.ts'
import { measureHistory } from './measure-history.ts'
import { measureJournal } from './measure-journal.ts'
import { measureRefusals } from './measure-refusals.ts'
import { measureRequests } from './measure-requests.ts'
import { measureSpans } from './measure-spans.ts'
import { measureUpstream } from './measure-upstream.ts'
import type { Metrics } from './metrics.ts'
import { addReadings, type Readings } from './readings.ts'
import { serveMetrics } from './serve-metrics.ts'
import { traceEvents } from './trace-events.ts'
import type { TraceSettings } from './trace-settings.ts'

export interface TelemetrySettings {
  /** `null` for no metrics. */
  readonly metrics: { readonly port: number; readonly host: string } | null
  /** `null` for no traces. */
  readonly traces: TraceSettings | null
}

export interface TelemetryOptions extends TelemetrySettings {
  /** The longest time that a connection to the port of the metrics stays idle. */
  readonly keepAliveTimeoutMs: number
  readonly events: Events<AppEvents>
  readonly clock: Clock
  readonly log: Logger
}

/** Makes the product observable from outside, in addition to its log. It listens to events. */
export interface Telemetry {
  /** `null` if there are no traces. */
  readonly tracer: Tracer | null
  readonly addReadings: (readings: Readings) => void
  /** `null` if there are no metrics. */
  readonly metricsUrl: string | null
  close(): Promise<void>
}

/**
 * Serves metrics for Prometheus, exports spans over OTLP, or both. The library of each is loaded only if it is wanted.
 *
 * @throws the system's error if the port of the metrics cannot be listened on
 */
export async function createTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const { traces, keepAliveTimeoutMs, events, clock, log } = options
  const version = readPackageVersion()
  const metrics = options.metrics && new (await import('./metrics.ts')).Metrics(version)
  if (metrics !== null) measure(metrics, events, clock)
  const server =
    metrics &&
    options.metrics &&
    (await serveMetrics(metrics.registry, { ...options.metrics, keepAliveTimeoutMs }))
  const tracing =
    traces && (await import('./tracing.ts')).createTracing({ ...traces, version, events, clock, log })
  if (tracing !== null) traceEvents(tracing, events)

  return {
    tracer: tracing,
    addReadings: readings => metrics && addReadings(metrics, readings, clock),
    metricsUrl: server?.url ?? null,
    async close() {
      await tracing?.close()
      await server?.close()
    },
  }
}

function measure(metrics: Metrics, events: Events<AppEvents>, clock: Clock): void {
  measureRequests(metrics, events)
  measureUpstream(metrics, events)
  measureRefusals(metrics, events)
  measureJournal(metrics, events, clock)
  measureHistory(metrics, events)
  measureSpans(metrics, events)
}
