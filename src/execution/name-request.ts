import { GraphQLError } from 'graphql'

/**
 * Returns the same error with the request's id in `extensions.requestId`, the one that `x-request-id` has. A front end
 * that logs errors seldom has the headers. The errors of a document are kept for other requests, so each request gets
 * its own.
 */
export function nameRequest(error: GraphQLError, requestId: string): GraphQLError {
  const { nodes = null, source = null, positions = null, path = null, originalError = null } = error
  const extensions = { ...error.extensions, requestId }
  return new GraphQLError(error.message, { nodes, source, positions, path, originalError, extensions })
}
