import {
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  OperationTypeNode,
  subscribe,
} from 'graphql'
import type { GraphQLErrorCode } from './error-codes.ts'
import { findNullConditions } from './find-null-conditions.ts'
import { noteOperation } from './operation-facts.ts'
import type { OperationRequest } from './operation-request.ts'
import type { PreparedDocument } from './prepare-document.ts'
import { findVariableFaults } from './variable-faults.ts'

export interface ExecuteOperationOptions {
  readonly schema: GraphQLSchema
  readonly isSchemaPublished: boolean
  readonly prepare: (text: string) => PreparedDocument
  /** Makes the context that resolvers use. */
  readonly createContext: (operation: OperationRequest) => object
}

/** The result of an operation. A subscription has results that come one after another. */
type OperationResult = ExecutionResult | AsyncIterable<ExecutionResult>

/**
 * Returns the result of an operation. It never rejects. A request that is refused because of its content is counted.
 */
export type ExecuteOperation = (request: OperationRequest) => Promise<OperationResult>

/**
 * Makes the function that turns the text of a document into a result. The order is a promise: document, choice of the
 * operation, method, validation, variables, execution.
 */
export function createExecuteOperation({
  schema,
  isSchemaPublished,
  prepare,
  createContext,
}: ExecuteOperationOptions): ExecuteOperation {
  function run(request: OperationRequest): OperationResult | Promise<OperationResult> {
    const refuse = (errors: readonly GraphQLError[]): ExecutionResult => {
      request.countRefusal()
      return { errors }
    }
    if (request.document instanceof GraphQLError) return refuse([request.document])
    const { document, faults } = prepare(request.document)
    if (document === null) return refuse(faults)
    const { operationName, variables: variableValues } = request
    const operation = getOperationAST(document, operationName)
    if (operation == null) return refuse([UNDETERMINED])
    if (operation.operation === OperationTypeNode.MUTATION && !request.mayChange)
      return refuse([MUTATION_BY_GET])
    if (faults.length > 0) return refuse(faults)

    noteOperation(request.facts, operation)
    const misfits = [
      ...findVariableFaults({ schema, isSchemaPublished, operation, variableValues }),
      ...findNullConditions({ document, operation, variableValues }),
    ]
    if (misfits.length > 0) return refuse(misfits)
    const begin = operation.operation === OperationTypeNode.SUBSCRIPTION ? subscribe : execute
    return begin({ schema, document, operationName, variableValues, contextValue: createContext(request) })
  }

  return async request => {
    try {
      return await run(request)
    } catch (error) {
      return { errors: [toGraphQLError(error)] }
    }
  }
}

/** Keeps the thrown value for the log. Its message is not passed on. */
function toGraphQLError(thrown: unknown): GraphQLError {
  const originalError = thrown instanceof Error ? thrown : new Error(String(thrown))
  return new GraphQLError('Unexpected error.', { originalError })
}

const UNDETERMINED = new GraphQLError(
  'Could not determine what operation to execute. Send one operation, or name one of the document in operationName.',
  {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE' satisfies GraphQLErrorCode, http: { status: 400 } },
  },
)

const MUTATION_BY_GET = new GraphQLError('Can only perform a mutation operation from a POST request.', {
  extensions: {
    code: 'BAD_REQUEST' satisfies GraphQLErrorCode,
    http: { status: 405, headers: { Allow: 'POST' } },
  },
})
