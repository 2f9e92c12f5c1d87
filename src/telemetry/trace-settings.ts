export const OTLP_PROTOCOLS = ['http/json', 'http/protobuf'] as const

/** The traces that are recorded, the place where spans are sent, and the parts of a trace that travel on. */
export interface TraceSettings {
  /** The URL of the collector, with its path. */
  readonly url: string
  readonly protocol: (typeof OTLP_PROTOCOLS)[number]
  /** The longest time for one batch. */
  readonly timeoutMs: number
  readonly sampler: {
    /**
     * The share to record of the traces that begin here, from 0 to 1. If `isParentBased` is `false`, it is the share of
     * all.
     */
    readonly share: number
    /** `true` if the caller of a trace that began elsewhere decides whether it is recorded. */
    readonly isParentBased: boolean
  }
  readonly propagators: { readonly traceContext: boolean; readonly baggage: boolean }
}
