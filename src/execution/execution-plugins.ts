import { type ExecutionResult, GraphQLError } from 'graphql'
import { isAsyncIterable, mapAsyncIterator, type Plugin } from 'graphql-yoga'
import type { ExecuteOperation } from './execute-operation.ts'
import type { OperationRequest } from './operation-request.ts'

/** The state that Yoga passes through its pipeline for one operation. Yoga adds `params` and `request`. */
export interface ExecutionState {
  readonly operation: OperationRequest
}

/** One step of the execution, as a plugin of GraphQL Yoga. */
export type ExecutionPlugin = Plugin<ExecutionState, ExecutionState, ExecutionState>

/**
 * Executes with `executeOperation` and without Yoga's own phases, which would parse and validate each document again.
 */
export function useOperation(executeOperation: ExecuteOperation): ExecutionPlugin {
  return {
    onParams({ context, setParamsHandler }) {
      setParamsHandler(() => executeOperation(context.operation))
    },
  }
}

/** Passes on public errors only. Each names its request, and its code is noted for the log. */
export function usePublicErrors(maskError: (error: unknown) => GraphQLError): ExecutionPlugin {
  function toPublic(result: ExecutionResult, { operation }: ExecutionState): ExecutionResult {
    if (result.errors === undefined) return result
    const errors = result.errors.map(maskError)
    const { facts } = operation
    const codes = errors.map(error => error.extensions['code'])
    // Each event of a subscription has a result.
    facts.errorCodes = [...new Set([...(facts.errorCodes ?? []), ...codes])]
    return { ...result, errors: errors.map(error => nameRequest(error, operation.requestId)) }
  }

  return {
    onExecutionResult({ result, setResult, context }) {
      if (isAsyncIterable(result)) setResult(mapAsyncIterator(result, event => toPublic(event, context)))
      else if (result?.errors !== undefined) setResult(toPublic(result, context))
    },
  }
}

/**
 * Returns the same error with the request's id in `extensions.requestId`, the one that `x-request-id` has. A front end
 * that logs errors seldom has the headers. The errors of a document are kept for other requests, so each request gets
 * its own.
 */
function nameRequest(error: GraphQLError, requestId: string): GraphQLError {
  const { nodes = null, source = null, positions = null, path = null, originalError = null } = error
  const extensions = { ...error.extensions, requestId }
  return new GraphQLError(error.message, { nodes, source, positions, path, originalError, extensions })
}
