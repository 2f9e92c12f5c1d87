import type { Plugin } from 'graphql-yoga'

/** What the edge wants to know of a request that it has handed to Yoga. */
export interface SignalledRequest {
  readonly onResult: () => void
}

/**
 * Tells the edge when the result is there. Yoga's own promise comes later, when the client has read the answer, or
 * never, when it left with half of it.
 */
export function useResultSignal(): Plugin<object, SignalledRequest> {
  return {
    onResultProcess({ serverContext }) {
      serverContext.onResult()
    },
  }
}
