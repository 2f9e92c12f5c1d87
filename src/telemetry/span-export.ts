import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { BatchSpanProcessor, type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace'
import type { Logger } from 'pino'
import type { Emitter } from '../base/events.ts'
import type { SpanEvents } from './span-events.ts'
import type { TraceSettings } from './trace-settings.ts'

export interface SpanExportOptions extends Pick<TraceSettings, 'url' | 'protocol' | 'timeoutMs'> {
  readonly events: Emitter<SpanEvents>
  readonly log: Logger
}

/** Some seconds of traffic, which take a few megabytes. Spans beyond that are lost. */
const MAX_QUEUED = 2_048
const MAX_BATCH = 512
const EXPORT_EVERY_MS = 2_000
const EXPORTERS = { 'http/json': JsonExporter, 'http/protobuf': ProtobufExporter } as const

/**
 * Sends spans to a collector in batches, with less priority than everything else. If the collector refuses or hangs,
 * spans are lost and counted. The log says so a single time, until the collector takes some again.
 */
export function createSpanExport({
  url,
  protocol,
  timeoutMs,
  events,
  log,
}: SpanExportOptions): SpanProcessor {
  let queued = 0
  let isFailing = false

  function report(count: number, isTaken: boolean): void {
    events.emit('spans', { outcome: isTaken ? 'exported' : 'lost', count })
    if (isFailing === !isTaken) return
    isFailing = !isTaken
    if (isFailing) log.warn('the trace collector cannot be reached or refuses: spans are lost')
    else log.info('the trace collector takes spans again')
  }

  const otlp = new EXPORTERS[protocol]({
    url,
    // The time includes all retries. If a collector hangs, its batch is lost, and nothing waits.
    timeoutMillis: timeoutMs,
    // At the end all waiting batches are sent together, in addition to the batch that is in flight.
    concurrencyLimit: MAX_QUEUED / MAX_BATCH + 1,
  })
  const exporter: SpanExporter = {
    export(spans, done) {
      queued -= spans.length
      otlp.export(spans, result => {
        // 0 is the success of OpenTelemetry's `ExportResultCode`.
        report(spans.length, result.code === 0)
        done(result)
      })
    },
    forceFlush: () => otlp.forceFlush(),
    shutdown: () => otlp.shutdown(),
  }
  const batches = new BatchSpanProcessor({
    exporter,
    maxQueueSize: MAX_QUEUED,
    maxExportBatchSize: MAX_BATCH,
    scheduledDelayMillis: EXPORT_EVERY_MS,
    exportTimeoutMillis: timeoutMs + 1_000,
  })

  return {
    onStart: (span, context) => batches.onStart(span, context),
    onEnd(span) {
      if (queued >= MAX_QUEUED) {
        events.emit('spans', { outcome: 'lost', count: 1 })
        return
      }
      queued++
      batches.onEnd(span)
    },
    forceFlush: () => batches.forceFlush(),
    shutdown: () => batches.shutdown(),
  }
}
