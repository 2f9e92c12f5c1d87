import type { GraphQLParams, Plugin } from 'graphql-yoga'

/** What the edge has read of a request. */
export interface ParsedRequest {
  readonly params: GraphQLParams
}

/** Lets Yoga take the parameters that the edge has read and checked, instead of reading the body again. */
export function useParsedParams(): Plugin<object, ParsedRequest> {
  return {
    onRequestParse({ serverContext, setRequestParser }) {
      setRequestParser(() => serverContext.params)
    },
  }
}
