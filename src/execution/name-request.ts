import { GraphQLError } from 'graphql'

/**
 * The same error, which names the request in `extensions.requestId` as the response's `x-request-id` does: a front end
 * that logs errors seldom has the headers. The errors of a document are kept for other requests, so each gets its own.
 */
export function nameRequest(error: GraphQLError, requestId: string): GraphQLError {
  const { nodes = null, source = null, positions = null, path = null, originalError = null } = error
  const extensions = { ...error.extensions, requestId }
  return new GraphQLError(error.message, { nodes, source, positions, path, originalError, extensions })
}
