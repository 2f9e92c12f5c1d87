import type { ExecutionResult, GraphQLError } from 'graphql'
import { isAsyncIterable, mapAsyncIterator } from 'graphql-yoga'
import { nameRequest } from '../name-request.ts'
import { noteErrors } from '../operation-facts.ts'
import type { ExecutionPlugin, ExecutionState } from './execution-plugin.ts'

/** Passes on public errors only. Each names its request, and is noted for the log. */
export function usePublicErrors(maskError: (error: unknown) => GraphQLError): ExecutionPlugin {
  function toPublic(result: ExecutionResult, { operation }: ExecutionState): ExecutionResult {
    if (result.errors === undefined) return result
    const errors = result.errors.map(maskError)
    noteErrors(operation.facts, errors)
    return { ...result, errors: errors.map(error => nameRequest(error, operation.requestId)) }
  }

  return {
    onExecutionResult({ result, setResult, context }) {
      if (isAsyncIterable(result)) setResult(mapAsyncIterator(result, event => toPublic(event, context)))
      else if (result?.errors !== undefined) setResult(toPublic(result, context))
    },
  }
}
