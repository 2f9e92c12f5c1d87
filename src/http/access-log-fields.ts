import type { GraphQLError, OperationDefinitionNode } from 'graphql'

/** What is worth a word in the log about one operation. Never a variable, a literal or the document. */
export interface AccessLogFields {
  operation?: 'query' | 'mutation' | 'subscription'
  operationName?: string
  /** The document is one of a list of the operator's. */
  isTrustedDocument?: boolean
  errorCodes?: unknown[]
  /** Of this process so far: requests whose `x-request-deadline-ms` was malformed, this one included. */
  ignoredDeadlines?: number
  /** Of the trace that this process records. */
  traceId?: string
  /** Where it came from, behind proxies that are trusted. */
  clientAddress?: string | undefined
  /** Of the token, once it was found good. */
  callerIssuer?: string
  /** In the place of the token's subject, which may be an e-mail address. */
  callerHash?: string
}

/** A client may put anything in a name; only what is a name is written down. */
const NAME = /^[_A-Za-z]\w{0,63}$/

export function noteOperation(note: AccessLogFields, { operation, name }: OperationDefinitionNode): void {
  note.operation = operation
  if (name !== undefined && NAME.test(name.value)) note.operationName = name.value
}

export function noteErrors(note: AccessLogFields, errors: readonly GraphQLError[]): void {
  note.errorCodes = [...new Set(errors.map(error => error.extensions['code']))]
}
