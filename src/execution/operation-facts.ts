import type { GraphQLError, OperationDefinitionNode } from 'graphql'

/** The facts of an operation for the log and the metrics. They never hold a variable, a literal or the document. */
export interface OperationFacts {
  operation?: 'query' | 'mutation' | 'subscription'
  operationName?: string
  errorCodes?: unknown[]
}

/** A client may put anything in a name. Only a valid GraphQL name is written down. */
const NAME = /^[_A-Za-z]\w{0,63}$/

export function noteOperation(facts: OperationFacts, { operation, name }: OperationDefinitionNode): void {
  facts.operation = operation
  if (name !== undefined && NAME.test(name.value)) facts.operationName = name.value
}

export function noteErrors(facts: OperationFacts, errors: readonly GraphQLError[]): void {
  facts.errorCodes = [...new Set(errors.map(error => error.extensions['code']))]
}
