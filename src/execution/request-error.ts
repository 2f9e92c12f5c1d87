import { type ASTNode, GraphQLError } from 'graphql'
import type { GraphQLErrorCode } from './error-codes.ts'

/** In one response to a request that is at fault: enough to see what is wrong, where a body can hold thousands. */
export const MAX_ERRORS = 20
/** An error can name every place of a document, and each is looked up from its first line on. */
const MAX_PLACES = 5

/**
 * An error of the whole request, of which nothing was executed: 400 for whoever accepts
 * `application/graphql-response+json`, 200 for `application/json`, as GraphQL over HTTP has it.
 *
 * @param nodes where in the document; the first few are told
 */
export function toRequestError(
  code: GraphQLErrorCode,
  message: string,
  nodes: ASTNode | readonly ASTNode[] = [],
): GraphQLError {
  const places = 'kind' in nodes ? nodes : nodes.slice(0, MAX_PLACES)
  return new GraphQLError(message, { nodes: places, extensions: { code, http: { spec: true, status: 400 } } })
}
