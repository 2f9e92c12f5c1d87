import type { Plugin } from 'graphql-yoga'
import type { OperationRequest } from '../operation-request.ts'

/** What Yoga carries through its pipeline for one operation. Yoga adds `params` and `request`. */
export interface ExecutionState {
  readonly operation: OperationRequest
  readonly progress: {
    /** Whether results come one after another, and whether they may. */
    stream: 'NONE' | 'ACCEPTED' | 'REFUSED'
  }
}

/** One step of the execution, as a plugin of GraphQL Yoga. */
export type ExecutionPlugin = Plugin<ExecutionState, ExecutionState, ExecutionState>
