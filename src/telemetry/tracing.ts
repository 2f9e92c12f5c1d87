import {
  createTraceState,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import { ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace'
import type { Clock } from '../base/clock.ts'
import { createDeadline, within } from '../base/deadline.ts'
import { formatTraceparent, type TraceContext } from '../base/trace-context.ts'
import type { Span, SpanAttributes, Tracer } from '../base/tracer.ts'
import { collectSdkWarnings } from './sdk-warnings.ts'
import { createSpanExport, type SpanExportOptions } from './span-export.ts'
import type { TraceSettings } from './trace-settings.ts'

export interface TracingOptions extends SpanExportOptions, Pick<TraceSettings, 'sampler' | 'propagators'> {
  readonly version: string
  readonly clock: Clock
}

export interface Tracing extends Tracer {
  /** Records a piece of work that has ended now and took this many seconds. */
  record(
    name: string,
    parent: TraceContext | null,
    seconds: number,
    attributes: SpanAttributes,
    isFault: boolean,
  ): void
  close(): Promise<void>
}

/** The longest time that a stop waits for the spans that are left. */
const LAST_SPANS_MS = 1_000

/**
 * Records spans and exports them over OTLP. Attributes are chosen where a span ends. They hold outcomes and the
 * project's own names, and nothing that was sent.
 */
export function createTracing(options: TracingOptions): Tracing {
  const { version, propagators, clock, log } = options
  const { built: provider, variables } = collectSdkWarnings(() => createProvider(options))
  if (variables.length > 0) log.warn({ variables }, 'OpenTelemetry cannot use the values of these variables')
  const tracer = provider.getTracer('genauth-graphql', version)

  /** Returns the headers that pass a context on, as far as `OTEL_PROPAGATORS` allows it. */
  function toHeaders(context: TraceContext): Readonly<Record<string, string>> {
    const { state, baggage } = context
    return {
      ...(propagators.traceContext ? { traceparent: formatTraceparent(context) } : {}),
      ...(propagators.traceContext && state !== undefined ? { tracestate: state } : {}),
      ...(propagators.baggage && baggage !== undefined ? { baggage } : {}),
    }
  }

  function begin(
    name: string,
    kind: SpanKind,
    parent: TraceContext | null,
    baggage: string | undefined,
    began: { readonly startTime?: number } = {},
  ): Span {
    const span = tracer.startSpan(name, { kind, ...began }, toContext(parent, kind === SpanKind.SERVER))
    const { traceId, spanId, traceFlags, traceState } = span.spanContext()
    const state = traceState?.serialize() ?? ''
    const context = {
      traceId,
      spanId,
      isSampled: (traceFlags & TraceFlags.SAMPLED) !== 0,
      ...(state === '' ? {} : { state }),
      ...(baggage === undefined ? {} : { baggage }),
    }
    return {
      context,
      get headers() {
        return toHeaders(context)
      },
      end(attributes, isFault) {
        span.setAttributes(attributes)
        if (isFault) span.setStatus({ code: SpanStatusCode.ERROR })
        span.end()
      },
    }
  }

  return {
    /** The caller's trace and baggage count as far as `OTEL_PROPAGATORS` allows it. */
    beginRequest({ parent, baggage }) {
      const known = propagators.traceContext ? parent : null
      const passed = propagators.baggage ? (baggage ?? undefined) : undefined
      return begin('GraphQL request', SpanKind.SERVER, known, passed)
    },
    beginAttempt: (endpoint, parent) =>
      begin(`GenAuth ${endpoint}`, SpanKind.CLIENT, parent, parent?.baggage),
    record(name, parent, seconds, attributes, isFault) {
      const startTime = clock.now() - seconds * 1_000
      begin(name, SpanKind.INTERNAL, parent, parent?.baggage, { startTime }).end(attributes, isFault)
    },
    async close() {
      await within(createDeadline(LAST_SPANS_MS, clock), provider.shutdown(), () => {}).catch(() => {})
    },
  }
}

/** OpenTelemetry's own reader reads the environment variables that describe the service. They take precedence. */
function createProvider({ version, sampler, ...options }: TracingOptions): TracerProvider {
  const own = resourceFromAttributes({ 'service.name': 'genauth-graphql', 'service.version': version })
  const root = new TraceIdRatioBasedSampler(sampler.share)
  return new TracerProvider({
    resource: defaultResource()
      .merge(own)
      .merge(detectResources({ detectors: [envDetector] })),
    sampler: sampler.isParentBased ? new ParentBasedSampler({ root }) : root,
    spanProcessors: [createSpanExport(options)],
  })
}

function toContext(parent: TraceContext | null, isRemote: boolean) {
  if (parent === null) return ROOT_CONTEXT
  const { traceId, spanId, isSampled, state } = parent
  const traceFlags = isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE
  const traceState = state === undefined ? {} : { traceState: createTraceState(state) }
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote, ...traceState })
}
