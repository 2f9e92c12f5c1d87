import type { ExecutionResult, GraphQLFormattedError } from 'graphql'

/** A comment, which clients ignore. Proxies see that the stream lives. */
export const HEARTBEAT = ':\n\n'

/** The last event of a stream that has ended in order. */
export const COMPLETE = 'event: complete\ndata:\n\n'

/** Returns a result as an event: the "distinct connections" of GraphQL over Server-Sent Events. */
export function toEvent(result: ExecutionResult): string {
  const { errors } = result
  const shown = errors === undefined ? result : { ...result, errors: errors.map(e => toShown(e.toJSON())) }
  return `event: next\ndata: ${JSON.stringify(shown)}\n\n`
}

/** Leaves out the status of the response, which was sent long ago. */
function toShown({ extensions, ...error }: GraphQLFormattedError): GraphQLFormattedError {
  const { http: _, ...shown } = extensions ?? {}
  return { ...error, extensions: shown }
}
