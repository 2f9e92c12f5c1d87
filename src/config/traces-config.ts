import type { z } from 'zod'
import { type OTEL_VARIABLES, type OTLP_PROTOCOLS, SAMPLERS } from './otel-variables.ts'

/** Which traces are recorded, where spans are sent, and what of a trace travels on. */
export interface TracesConfig {
  /** With its path. */
  readonly url: string
  readonly protocol: (typeof OTLP_PROTOCOLS)[number]
  /** For one batch. */
  readonly timeoutMs: number
  readonly sampler: {
    /** Of the traces that begin here, or of all, from 0 to 1. */
    readonly share: number
    /** Whether a trace that began elsewhere is recorded as its caller says. */
    readonly isParentBased: boolean
  }
  readonly propagators: { readonly traceContext: boolean; readonly baggage: boolean }
}

type Values = {
  readonly [N in keyof typeof OTEL_VARIABLES]: z.infer<(typeof OTEL_VARIABLES)[N]['schema']> | undefined
}

/** Where the specification has a collector if nobody says. */
const DEFAULT_ENDPOINT = 'http://localhost:4318'

/**
 * Reads OpenTelemetry's variables as its specification has them. Two things differ: without an exporter or an endpoint
 * there are no traces, and a share alone counts without the name of a sampler.
 *
 * @returns `null` for no traces
 */
export function readTraces(values: Values): TracesConfig | null {
  const { OTEL_TRACES_EXPORTER: exporter, OTEL_SDK_DISABLED: isDisabled = false } = values
  const url = toUrl(values)
  if (isDisabled || exporter === 'none' || url === null) return null
  const sampler = SAMPLERS[values.OTEL_TRACES_SAMPLER ?? 'parentbased_traceidratio']
  const argument = values.OTEL_TRACES_SAMPLER_ARG ?? 1
  return {
    url,
    protocol: values.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? values.OTEL_EXPORTER_OTLP_PROTOCOL ?? 'http/json',
    timeoutMs: values.OTEL_EXPORTER_OTLP_TRACES_TIMEOUT ?? values.OTEL_EXPORTER_OTLP_TIMEOUT ?? 10_000,
    sampler: { ...sampler, share: sampler.share === 'ARGUMENT' ? argument : sampler.share },
    // GenAuth is somebody else's: what callers pass to each other is sent there only on demand.
    propagators: values.OTEL_PROPAGATORS ?? { traceContext: true, baggage: false },
  }
}

function toUrl(values: Values): string | null {
  if (values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT !== undefined)
    return values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT
  const isWanted = values.OTEL_TRACES_EXPORTER === 'otlp'
  const base = values.OTEL_EXPORTER_OTLP_ENDPOINT ?? (isWanted ? DEFAULT_ENDPOINT : null)
  return base === null ? null : `${base.replace(/\/+$/, '')}/v1/traces`
}
