import type { Plugin } from 'graphql-yoga'
import type { OperationRequest } from '../operation-request.ts'

/** The state that Yoga passes through its pipeline for one operation. Yoga adds `params` and `request`. */
export interface ExecutionState {
  readonly operation: OperationRequest
  readonly progress: {
    /** Says whether results come one after another, and whether the client accepts that. */
    stream: 'NONE' | 'ACCEPTED' | 'REFUSED'
  }
}

/** One step of the execution, as a plugin of GraphQL Yoga. */
export type ExecutionPlugin = Plugin<ExecutionState, ExecutionState, ExecutionState>
