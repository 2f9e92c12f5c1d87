import type { ExecuteOperation } from '../execute-operation.ts'
import type { ExecutionPlugin } from './execution-plugin.ts'

/** Executes with `executeOperation` in place of Yoga's own phases, which would parse and validate each document anew. */
export function useOperation(executeOperation: ExecuteOperation): ExecutionPlugin {
  return {
    onParams({ context, setParamsHandler }) {
      setParamsHandler(() => executeOperation(context.operation))
    },
  }
}
