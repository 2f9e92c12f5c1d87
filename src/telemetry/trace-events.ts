import type { AppEvents } from '../app-events.ts'
import type { Events } from '../base/events.ts'
import type { Span } from '../base/tracer.ts'
import type { Tracing } from './tracing.ts'

/** Outcomes of an attempt that are a reply, and no fault of GenAuth's or of this product. */
const REPLIES = new Set(['OK', 'USER_NOT_FOUND', 'INVALID_INPUT', 'CONFLICT', 'OPERATION_REFUSED'])
/** The methods that OpenTelemetry's conventions for HTTP know. Any other word is its caller's choice. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'])

/** Ends the spans of requests and attempts, and records those of the journal. Attributes hold nothing that was sent. */
export function traceEvents(tracing: Tracing, events: Events<AppEvents>): void {
  const rootFields = new WeakMap<Span, [field: string, outcome: string][]>()

  events.on('rootField', ({ field, outcome, span }) => {
    if (span === null) return
    const ended = rootFields.get(span) ?? []
    ended.push([field, outcome])
    rootFields.set(span, ended)
  })
  events.on('request', ({ span, status, operation, operationName, method, codes }) => {
    if (span === null) return
    const ended = rootFields.get(span) ?? []
    const isFault = status !== null && status >= 500
    const attributes = {
      'http.request.method': METHODS.has(method) ? method : '_OTHER',
      'http.route': '/graphql',
      ...(operation === null ? {} : { 'graphql.operation.type': operation }),
      ...(operationName === null ? {} : { 'graphql.operation.name': operationName }),
      'graphql.root_fields': [...new Set(ended.map(([field]) => field))],
      'graphql.outcomes': ended.map(pair => pair.join(' ')),
      'graphql.error_codes': [...codes],
      ...(status === null ? {} : { 'http.response.status_code': status }),
      ...(isFault ? { 'error.type': String(status) } : {}),
    }
    span.end(attributes, isFault)
  })
  events.on('attempt', ({ span, endpoint, outcome }) => {
    const attributes = { 'genauth.endpoint': endpoint, 'genauth.outcome': outcome }
    span?.end(attributes, !REPLIES.has(outcome))
  })
  events.on('journalIntent', ({ intent, seconds, isDurable }) => {
    tracing.record('journal intent', intent.request.trace, seconds, {}, !isDurable)
  })
  events.on('journalOutcome', ({ intent, outcome, seconds }) => {
    tracing.record('journal outcome', intent.request.trace, seconds, { 'write.outcome': outcome }, false)
  })
}
