import type { FetcherOpts, FetcherParams, FetcherReturnType } from '@graphiql/toolkit'
import { getOperationAST, Kind, parse } from 'graphql'
import { readEvents } from './read-events.ts'

const EVENTS = 'text/event-stream'

export interface SendOperationOptions {
  /** The address of the page. The server takes operations there, whatever prefix a proxy gives it. */
  readonly endpoint: string
  /** Returns the token to send, or `null` if the person at the page sets one in the headers editor. */
  readonly token: () => string | null
  /** Called if the server refuses the token. Resolves to `true` if there is another one. */
  readonly renewToken: () => Promise<boolean>
}

/**
 * Returns a function that sends an operation of GraphiQL's to the server. It replaces an expired token of the sandbox
 * once. The results of a subscription come one after another.
 */
export function createSendOperation({ endpoint, token, renewToken }: SendOperationOptions) {
  async function post(params: FetcherParams, given: Record<string, unknown>): Promise<Response> {
    const headers = new Headers({
      accept: isSubscription(params) ? EVENTS : 'application/graphql-response+json',
      'content-type': 'application/json',
    })
    for (const [name, value] of Object.entries(given)) headers.set(name, String(value))
    const served = token()
    if (served !== null) headers.set('authorization', `Bearer ${served}`)
    return fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(params) })
  }

  return async (given: FetcherParams, { headers = {} }: FetcherOpts = {}): Promise<FetcherReturnType> => {
    const params = withOwnName(given)
    const response = await post(params, headers)
    const isRefused = response.status === 401 && token() !== null
    const last = isRefused && (await renewToken()) ? await post(params, headers) : response
    const isStream = last.headers.get('content-type')?.startsWith(EVENTS) ?? false
    return isStream && last.body !== null ? readEvents(last.body) : last.json()
  }
}

/**
 * Leaves out a name that the document does not hold. GraphiQL learns the operation of a tab some moments after it shows
 * the tab, and names the former tab's until then.
 */
function withOwnName({ operationName, ...params }: FetcherParams): FetcherParams {
  return operationName != null && namesOf(params.query).includes(operationName)
    ? { ...params, operationName }
    : params
}

function namesOf(query: string): (string | undefined)[] {
  try {
    return parse(query).definitions.map(definition =>
      definition.kind === Kind.OPERATION_DEFINITION ? definition.name?.value : undefined,
    )
  } catch {
    // The server reports the fault of the document.
    return []
  }
}

function isSubscription({ query, operationName }: FetcherParams): boolean {
  try {
    return getOperationAST(parse(query), operationName)?.operation === 'subscription'
  } catch {
    return false
  }
}
