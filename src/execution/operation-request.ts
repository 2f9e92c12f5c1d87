import type { GraphQLError } from 'graphql'
import type { Caller } from '../access/caller.ts'
import type { Deadline } from '../base/deadline.ts'
import type { CallerContext } from '../mfa/call-context.ts'
import type { ReportOutcome } from '../schema/context.ts'

/** The parameters of a GraphQL request. At least one of `query` and `documentId` is given. */
export interface OperationParams {
  /** Never empty. An empty text counts as absent. */
  readonly query: string | null
  /** The hexadecimal SHA-256 of the document. */
  readonly documentId: string | null
  /** `true` if only Apollo's extension names the document. Such a client sends the text when it is told to. */
  readonly isPersistedQuery: boolean
  readonly operationName: string | null
  readonly variables: Readonly<Record<string, unknown>>
}

/** The facts of an operation for the log and the metrics. They never hold a variable, a literal or the document. */
export interface OperationFacts {
  operation?: 'query' | 'mutation' | 'subscription'
  /** A client may put anything in a name. Only a valid GraphQL name is written down. */
  operationName?: string
  errorCodes?: unknown[]
}

/** One operation to execute for a caller, whatever protocol carried it. */
export interface OperationRequest extends CallerContext {
  readonly caller: Caller
  /** The text of the document, or the error that says why there is none to execute. */
  readonly document: string | GraphQLError
  readonly operationName: string | null
  readonly variables: Readonly<Record<string, unknown>>
  /** `false` if the request came in a way that must change nothing, such as `GET`. */
  readonly mayChange: boolean
  /** `null` if nobody listens. */
  readonly settled: ReportOutcome | null
  /**
   * Counts the request against the caller's limit. Use it for a request that is refused because of its content, of
   * which nothing is executed.
   */
  readonly countRefusal: () => void
  /**
   * Must be called before a subscription begins. If it returns `REFUSED`, nothing is executed. The request handler then
   * says why.
   */
  readonly admitEvents: () => 'ADMITTED' | 'REFUSED'
  /** Returns the deadline of an event of a subscription that has just happened. */
  readonly toEventDeadline: () => Deadline
  /** Sets `WWW-Authenticate` on the response. */
  readonly challenge: (value: string) => void
  /** Collects the facts of the operation. */
  readonly facts: OperationFacts
}
