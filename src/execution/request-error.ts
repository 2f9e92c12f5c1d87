import { type ASTNode, GraphQLError } from 'graphql'
import type { GraphQLErrorCode } from './error-codes.ts'

/**
 * The most errors in one response to a request that is at fault. They are enough to see the fault. A body can hold
 * thousands.
 */
export const MAX_ERRORS = 20
/** An error can name every place of a document. Each place is looked up from the first line on. */
const MAX_PLACES = 5

/**
 * Makes an error of the whole request, of which nothing was executed. As GraphQL over HTTP demands, its status is 400
 * for a client that accepts `application/graphql-response+json`. It is 200 for `application/json`.
 *
 * @param nodes the places in the document, of which the first few are named
 */
export function toRequestError(
  code: GraphQLErrorCode,
  message: string,
  nodes: ASTNode | readonly ASTNode[] = [],
): GraphQLError {
  const places = 'kind' in nodes ? nodes : nodes.slice(0, MAX_PLACES)
  return new GraphQLError(message, { nodes: places, extensions: { code, http: { spec: true, status: 400 } } })
}
