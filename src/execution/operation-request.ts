import type { GraphQLError } from 'graphql'
import type { Caller } from '../access/caller.ts'
import type { CallerContext } from '../mfa/call-context.ts'
import type { ReportOutcome } from '../schema/context.ts'
import type { OperationFacts } from './operation-facts.ts'

/** The parameters of a GraphQL request. At least one of `query` and `documentId` is given. */
export interface OperationParams {
  /** Never empty: an empty text is none. */
  readonly query: string | null
  /** The hexadecimal SHA-256 of the document. */
  readonly documentId: string | null
  /** The document is named by Apollo's extension alone: a client that sends the text when it is told to. */
  readonly isPersistedQuery: boolean
  readonly operationName: string | null
  readonly variables: Readonly<Record<string, unknown>>
}

/** One operation that is to be executed for a caller, whatever protocol it came by. */
export interface OperationRequest extends CallerContext {
  readonly caller: Caller
  /** The text of the document, or the error that says why there is none to execute. */
  readonly document: string | GraphQLError
  readonly operationName: string | null
  readonly variables: Readonly<Record<string, unknown>>
  /** `false` if the request came in a way that must change nothing, as by `GET`. */
  readonly mayChange: boolean
  /** `null` if nobody wants to know. */
  readonly settled: ReportOutcome | null
  /** Counts the request against the caller's limit: it is refused for what it is, and nothing of it is executed. */
  readonly countRefusal: () => void
  /** Sets `WWW-Authenticate` on the response. */
  readonly challenge: (value: string) => void
  /** Takes what becomes known of the operation. */
  readonly facts: OperationFacts
}
