import type { ExecuteOperation } from '../execute-operation.ts'
import type { ExecutionPlugin } from './execution-plugin.ts'

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
