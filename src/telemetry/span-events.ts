export interface SpanEvents {
  /** The collector took this many spans, or they are lost. */
  spans: { readonly outcome: 'exported' | 'lost'; readonly count: number }
}
