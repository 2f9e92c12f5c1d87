import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Deadline } from '../base/deadline.ts'
import type { AccessLogFields } from './access-log.ts'
import type { RequestTarget } from './request-target.ts'

/** One HTTP request on its way through the stages, with its response. */
export interface RequestContext {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly target: RequestTarget
  readonly requestId: string
  /** Counts from the arrival of the request. */
  readonly deadline: Deadline
  /** Collects the facts of the request. */
  readonly fields: AccessLogFields
}

/** Serves the requests of one route. */
export type Handle = (context: RequestContext) => void | Promise<void>
