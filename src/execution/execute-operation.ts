import { type ExecutionResult, execute, GraphQLError, type GraphQLSchema, getOperationAST } from 'graphql'
import { noteErrors, noteOperation } from '../http/access-log-fields.ts'
import type { AcceptedRequest } from '../http/request-handler.ts'
import type { GraphQLContext } from '../schema/context.ts'
import type { GraphQLErrorCode } from './error-codes.ts'
import { findNullConditions } from './find-null-conditions.ts'
import { nameRequest } from './name-request.ts'
import type { PreparedDocument } from './prepare-document.ts'
import { findVariableFaults } from './variable-faults.ts'

export interface ExecuteOperationOptions {
  readonly schema: GraphQLSchema
  readonly isSchemaPublished: boolean
  readonly prepare: (text: string) => PreparedDocument
  readonly createContext: (accepted: AcceptedRequest) => GraphQLContext
  readonly maskError: (error: unknown) => GraphQLError
}

/** Executes what a request asks for, by whichever way its answer goes. Never rejects. */
export type ExecuteOperation = (accepted: AcceptedRequest) => Promise<ExecutionResult>

/** From the text of a document to a result whose errors may leave as they are, name the request, and are noted for the log. */
export function createExecuteOperation({
  schema,
  isSchemaPublished,
  prepare,
  createContext,
  maskError,
}: ExecuteOperationOptions): ExecuteOperation {
  async function executeAccepted(accepted: AcceptedRequest): Promise<ExecutionResult> {
    const { document: text, params, method, note } = accepted
    const refuse = (errors: readonly GraphQLError[]) => {
      accepted.countRefusal()
      return { errors }
    }
    if (text instanceof GraphQLError) return refuse([text])
    const { document, faults } = prepare(text)
    if (document === null) return refuse(faults)
    const { operationName, variables: variableValues } = params
    const operation = getOperationAST(document, operationName)
    if (operation == null) return refuse([UNDETERMINED])
    if (operation.operation === 'mutation' && method === 'GET') return refuse([MUTATION_BY_GET])
    if (faults.length > 0) return refuse(faults)

    noteOperation(note, operation)
    const misfits = [
      ...findVariableFaults({ schema, isSchemaPublished, operation, variableValues }),
      ...findNullConditions({ document, operation, variableValues }),
    ]
    if (misfits.length > 0) return refuse(misfits)
    const contextValue = createContext(accepted)
    const result = await execute({ schema, document, operationName, variableValues, contextValue })
    return result.errors === undefined ? result : { ...result, errors: result.errors.map(maskError) }
  }

  return async accepted => {
    const result = await executeAccepted(accepted).catch((error: unknown) => ({ errors: [maskError(error)] }))
    if (result.errors === undefined) return result
    noteErrors(accepted.note, result.errors)
    return { ...result, errors: result.errors.map(error => nameRequest(error, accepted.requestId)) }
  }
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
