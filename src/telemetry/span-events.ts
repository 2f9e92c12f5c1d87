export interface SpanEvents {
  /** The collector took this many spans, or they were lost. */
  spans: { readonly outcome: 'exported' | 'lost'; readonly count: number }
}
