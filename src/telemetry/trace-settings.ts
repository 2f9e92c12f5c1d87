export const OTLP_PROTOCOLS = ['http/json', 'http/protobuf'] as const

/** Which traces are recorded, where spans are sent, and what of a trace travels on. */
export interface TraceSettings {
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
