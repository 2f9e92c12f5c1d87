import {
  type Attributes,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace'
import { createDeadline, within } from '../mfa/deadline.ts'
import type { TraceContext } from '../mfa/trace-context.ts'
import { createSpanExport, type SpanExportOptions } from './span-export.ts'

export interface TracingOptions extends SpanExportOptions {
  readonly version: string
  /** Share of the traces that begin here, from 0 to 1; others are seen as whoever began them wishes. */
  readonly share: number
}

/** A part of a trace that has begun. */
export interface TracedPart {
  readonly context: TraceContext
  /** @param isFault it is ours, or GenAuth's */
  end(attributes: Attributes, isFault: boolean): void
}

export interface Tracing {
  begin(name: string, role: 'SERVER' | 'CLIENT' | 'INTERNAL', parent: TraceContext | null): TracedPart
  close(): Promise<void>
}

/** Spans that are left are worth this much of the time that a stop may take. */
const LAST_SPANS_MS = 1_000

/** Spans over OTLP. Attributes are chosen where a span ends: outcomes and names of ours, nothing that was sent. */
export function createTracing({ version, share, ...options }: TracingOptions): Tracing {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'genauth-graphql', 'service.version': version }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    spanProcessors: [createSpanExport(options)],
  })
  const tracer = provider.getTracer('genauth-graphql', version)

  return {
    begin(name, role, parent) {
      const span = tracer.startSpan(name, { kind: SpanKind[role] }, toContext(parent, role === 'SERVER'))
      const { traceId, spanId, traceFlags } = span.spanContext()
      return {
        context: { traceId, spanId, isSampled: (traceFlags & TraceFlags.SAMPLED) !== 0 },
        end(attributes, isFault) {
          span.setAttributes(attributes)
          if (isFault) span.setStatus({ code: SpanStatusCode.ERROR })
          span.end()
        },
      }
    },
    async close() {
      await within(createDeadline(LAST_SPANS_MS), provider.shutdown(), () => {}).catch(() => {})
    },
  }
}

function toContext(parent: TraceContext | null, isRemote: boolean) {
  if (parent === null) return ROOT_CONTEXT
  const { traceId, spanId, isSampled } = parent
  const traceFlags = isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote })
}
