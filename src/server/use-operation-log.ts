import { getOperationAST } from 'graphql'
import type { Plugin } from 'graphql-yoga'

/** What is worth a word in the log about one operation. Never a variable, a literal or the document. */
export interface OperationNote {
  operation?: 'query' | 'mutation' | 'subscription'
  operationName?: string
  errorCodes?: unknown[]
  /** Of this process so far: requests whose `x-request-deadline-ms` was malformed, this one included. */
  ignoredDeadlines?: number
  /** Of the trace that this process records. */
  traceId?: string
}

/** What the edge hands to Yoga along with a request. */
export interface NotedRequest {
  readonly note: OperationNote
}

/** A client may put anything in a name; only what is a name is written down. */
const NAME = /^[_A-Za-z]\w{0,63}$/

/** Fills in the note that the edge logs when the answer has left. */
export function useOperationLog(): Plugin<NotedRequest, NotedRequest> {
  return {
    onExecute({ args, context }) {
      const operation = getOperationAST(args.document, args.operationName)
      if (operation == null) return
      const { note } = context
      note.operation = operation.operation
      const name = operation.name?.value
      if (name !== undefined && NAME.test(name)) note.operationName = name
    },
    onResultProcess({ result, serverContext }) {
      noteErrors(serverContext.note, result)
    },
  }
}

/** For a result that Yoga does not turn into an answer itself. */
export function noteErrors(note: OperationNote, result: object): void {
  if (!('errors' in result) || !Array.isArray(result.errors)) return
  note.errorCodes = [...new Set(result.errors.map(error => error.extensions['code']))]
}
