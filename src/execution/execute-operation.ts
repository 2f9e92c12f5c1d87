import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  OperationTypeNode,
} from 'graphql'
import { isAsyncIterable, mapAsyncIterator } from 'graphql-yoga'
import { coerceVariables } from './coerce-variables.ts'
import type { GraphQLErrorCode } from './error-codes.ts'
import { findNullConditions } from './find-null-conditions.ts'
import type { OperationRequest } from './operation-request.ts'
import type { PreparedDocument } from './prepare-document.ts'
import { createPrepareOperation } from './prepare-operation.ts'

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
 * operation, method, validation, variables, admission of a subscription, execution.
 */
export function createExecuteOperation({
  schema,
  isSchemaPublished,
  prepare,
  createContext,
}: ExecuteOperationOptions): ExecuteOperation {
  const prepareOperation = createPrepareOperation(schema)

  return async request => {
    const { document: text, operationName, variables: sent, mayChange, facts } = request
    const refuse = (errors: readonly GraphQLError[]): ExecutionResult => {
      request.countRefusal()
      return { errors }
    }
    try {
      if (text instanceof GraphQLError) return refuse([text])
      const { document, faults } = prepare(text)
      if (document === null) return refuse(faults)
      const operation = getOperationAST(document, operationName)
      if (operation == null) return refuse([UNDETERMINED])
      if (operation.operation === OperationTypeNode.MUTATION && !mayChange) return refuse([MUTATION_BY_GET])
      if (faults.length > 0) return refuse(faults)

      facts.operation = operation.operation
      if (operation.name !== undefined && NAME.test(operation.name.value))
        facts.operationName = operation.name.value
      const { variables, document: executable } = prepareOperation(document, operation)
      const { values, errors } = coerceVariables({ variables, sent, isSchemaPublished })
      // Almost no request has a null, and a default that is null fits no condition.
      const misfits = Object.values(sent).includes(null)
        ? [...errors, ...findNullConditions({ document, operation, variableValues: sent })]
        : errors
      if (misfits.length > 0) return refuse(misfits)
      const args = {
        schema,
        document: executable,
        operationName,
        variableValues: values,
        contextValue: createContext(request),
      }
      if (operation.operation !== OperationTypeNode.SUBSCRIPTION) return await execute(args)
      if (request.admitEvents() === 'REFUSED') return {}
      return await subscribeAnew(args, () =>
        createContext({ ...request, deadline: request.toEventDeadline() }),
      )
    } catch (error) {
      return { errors: [toGraphQLError(error)] }
    }
  }
}

/**
 * Begins a subscription. Each event is executed in a context of its own, as an operation is. Reads are remembered for one
 * event alone, and the time of an event counts from its beginning.
 */
async function subscribeAnew(args: ExecutionArgs, createContext: () => object): Promise<OperationResult> {
  const events = await createSourceEventStream(args)
  if (!isAsyncIterable(events)) return events
  return mapAsyncIterator(events, rootValue => execute({ ...args, rootValue, contextValue: createContext() }))
}

const NAME = /^[_A-Za-z]\w{0,63}$/

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
