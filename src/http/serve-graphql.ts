import { type Caller, toCallerKey } from '../access/caller.ts'
import type { FindDocument } from '../execution/find-document.ts'
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
import { chooseResponseType } from './response-type.ts'
import { sendGraphqlResponse } from './send-response.ts'

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
}

/**
 * Serves requests for operations. The order of the stages is a promise: load, token, body, media type, document, load
 * by purpose, execution. A request that a stage refuses costs no later stage anything.
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
      challenge: (value: string) => void response.setHeader('www-authenticate', value),
      facts: fields,
    }
    const result = await graphqlOverHttp(operation, type)
    reportLimits(response, callerKey)
    await sendGraphqlResponse(response, result)
  }
}
