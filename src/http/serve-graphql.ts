import { type Caller, toCallerKey } from '../access/caller.ts'
import type { Clock } from '../base/clock.ts'
import { createDeadline } from '../base/deadline.ts'
import type { FindDocument } from '../execution/find-document.ts'
import type { EventStreams } from './event-streams/event-streams.ts'
import { sendEvents } from './event-streams/send-events.ts'
import type { GraphqlOverHttp } from './graphql-over-http.ts'
import { receiveBody, toParams } from './graphql-params.ts'
import type { IdentifyCaller } from './identify-caller.ts'
import type { InFlightRequests, Work } from './in-flight-requests.ts'
import { type LoadShedding, mayWrite } from './load-shedding.ts'
import type { ReportLimits } from './rate-limit-headers.ts'
import type { RefusalLimit } from './refusal-limit.ts'
import type { Handle, RequestContext } from './request-context.ts'
import { type Observed, observeRequest, type RequestObserver } from './request-observer.ts'
import { isFaultOfRequest } from './request-refused.ts'
import { chooseResponseType, mayHaveEvents } from './response-type.ts'
import { send } from './send-response.ts'

export interface ServeGraphqlOptions {
  readonly inFlightRequests: InFlightRequests
  readonly loadShedding: LoadShedding
  readonly observer: RequestObserver
  readonly identifyCaller: IdentifyCaller
  readonly refusalLimit: RefusalLimit
  readonly reportLimits: ReportLimits
  readonly findDocument: FindDocument
  /** `true` if `findDocument` finds only trusted documents. */
  readonly trustedDocumentsOnly: boolean
  readonly graphqlOverHttp: GraphqlOverHttp
  readonly eventStreams: EventStreams
  /** The time that an event of a subscription has for its reads. */
  readonly requestDeadlineMs: number
  readonly clock: Clock
}

/**
 * Serves requests for operations. The order of the stages is a promise: load, token, body, media type, document, load
 * by purpose, execution. A request that a stage refuses costs no later stage anything. A subscription is admitted among
 * the streams of events before it is executed.
 */
export function createServeGraphql({
  inFlightRequests,
  loadShedding,
  observer,
  identifyCaller,
  refusalLimit,
  reportLimits,
  findDocument,
  trustedDocumentsOnly,
  graphqlOverHttp,
  eventStreams,
  requestDeadlineMs,
  clock,
}: ServeGraphqlOptions): Handle {
  return async context => {
    const work = inFlightRequests.begin()
    try {
      const observed = observeRequest(observer, context)
      loadShedding.admit('UNKNOWN')
      const caller = await identifyCaller(context)
      const callerKey = toCallerKey(caller)
      try {
        refusalLimit.admit(caller)
        await serveCaller(context, observed, work, caller, callerKey)
      } catch (error) {
        if (isFaultOfRequest(error)) refusalLimit.count(caller)
        if (!context.response.headersSent) reportLimits(context.response, callerKey)
        throw error
      }
    } finally {
      work.end()
    }
  }

  async function serveCaller(
    { request, response, target, requestId, deadline, fields }: RequestContext,
    { trace, settled }: Observed,
    { onWait }: Work,
    caller: Caller,
    callerKey: string,
  ): Promise<void> {
    const body = await receiveBody(request, target.url).finally(onWait())
    // The caller's other requests may have been refused while this one's body came.
    refusalLimit.admit(caller)
    const params = toParams(request, target.url, body)
    const type = chooseResponseType(request.headers.accept)
    const document = findDocument(params)
    if (typeof document === 'string') fields.isTrustedDocument = params.query === null || trustedDocumentsOnly
    loadShedding.admit(typeof document === 'string' && mayWrite(document) ? 'WRITE' : 'READ')
    const place = eventStreams.forRequest({
      callerKey,
      expiresAtMs: caller.expiresAtMs,
      mayHaveEvents: () => mayHaveEvents(request.headers.accept, type),
    })
    const operation = {
      requestId,
      caller,
      callerKey,
      document,
      operationName: params.operationName,
      variables: params.variables,
      mayChange: request.method === 'POST',
      deadline,
      trace,
      settled,
      isWanted: () => !response.destroyed,
      onWait,
      countRefusal: () => refusalLimit.count(caller),
      admitEvents() {
        // A client who leaves while the users of a subscription are looked up frees its place, too.
        response.once('close', () => place.release())
        return place.admit()
      },
      toEventDeadline: () => createDeadline(requestDeadlineMs, clock),
      challenge: (value: string) => void response.setHeader('www-authenticate', value),
      facts: fields,
    }
    const result = await graphqlOverHttp(operation, type)
    if (place.refused !== null) throw place.refused
    reportLimits(response, callerKey)
    if (result.kind === 'WHOLE') {
      place.release()
      send(response, result.httpStatus, result.headers, result.body)
      return
    }
    // A stream is under way, but not in flight.
    onWait()
    await sendEvents(response, result.results, {
      expiresAtMs: caller.expiresAtMs,
      onStop: end => place.onStop(end),
      onEnd({ end, events }) {
        place.release()
        fields.streamEnd = end
        fields.events = events
      },
      clock,
    })
  }
}
