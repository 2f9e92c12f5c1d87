import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Deadline } from '../base/deadline.ts'
import type { OperationFacts } from '../execution/operation-request.ts'
import type { StreamEnd } from './event-streams/send-events.ts'
import type { RequestTarget } from './router.ts'

/** The facts of one request for the log. They never hold a variable, a literal or the document. */
export interface AccessLogFields extends OperationFacts {
  /** `true` if the document is in the operator's list. */
  isTrustedDocument?: boolean
  /** The number of requests to this process so far whose `x-request-deadline-ms` was malformed, including this one. */
  ignoredDeadlines?: number
  /** The id of the trace that this process records. */
  traceId?: string
  /** The address that the request came from, as seen through trusted proxies. */
  clientAddress?: string | undefined
  /** How a stream of events has ended, and the number of its events. */
  streamEnd?: StreamEnd
  events?: number
  /** The issuer of the token, once it was found good. */
  callerIssuer?: string
  /** Replaces the token's subject, which may be an e-mail address. */
  callerHash?: string
}

/** One HTTP request that has just arrived, with its response. */
export interface Arrived {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly requestId: string
  /** By the monotonic clock. */
  readonly arrivedAtMs: number
  /** Collects the facts of the request. */
  readonly fields: AccessLogFields
}

/** A request on its way through the stages of its route. */
export interface RequestContext extends Arrived {
  readonly target: RequestTarget
  /** Counts from the arrival of the request. */
  readonly deadline: Deadline
}

/** Serves the requests of one route. */
export type Handle = (context: RequestContext) => void | Promise<void>
