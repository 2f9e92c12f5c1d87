import { type ASTNode, GraphQLError } from 'graphql'
import type { GraphQLErrorCode } from './error-codes.ts'

/**
 * An error of the whole request, of which nothing was executed: 400 for whoever accepts
 * `application/graphql-response+json`, 200 for `application/json`, as GraphQL over HTTP has it.
 */
export function toRequestError(
  code: GraphQLErrorCode,
  message: string,
  nodes: ASTNode | readonly ASTNode[] | null = null,
): GraphQLError {
  return new GraphQLError(message, { nodes, extensions: { code, http: { spec: true, status: 400 } } })
}
