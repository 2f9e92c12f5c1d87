import type { ExecutionResult } from 'graphql'
import {
  createYoga,
  type GraphQLParams,
  getSSEProcessor,
  isAsyncIterable,
  processRegularResult,
} from 'graphql-yoga'
import type { ExecutionPlugin, ExecutionState } from '../execution/execution-plugins.ts'
import type { OperationRequest } from '../execution/operation-request.ts'
import { isJsonType, type ResponseType } from './response-type.ts'

/** A result in a media type, or results that come one after another. */
export type GraphqlResponse =
  | {
      readonly kind: 'WHOLE'
      readonly httpStatus: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: string
    }
  | { readonly kind: 'EVENTS'; readonly results: AsyncIterable<ExecutionResult> }

/**
 * Executes an operation and returns its result in the media type that was chosen for it. Results that come one after
 * another are returned as they are. Their operation was admitted for `text/event-stream` alone.
 */
export type GraphqlOverHttp = (operation: OperationRequest, type: ResponseType) => Promise<GraphqlResponse>

const NAMELESS_URL = 'http://localhost/graphql'

/** Headers of Yoga's responses that depend on the result. All others are the same for every response. */
const OF_THE_RESULT = ['content-type', 'allow'] as const

/**
 * Parts of Yoga that are done before, or are not wanted. Yoga would reflect every origin, run mutations from forms, and
 * log results.
 */
const OFF = {
  parserAndValidationCache: false,
  maskedErrors: false,
  graphiql: false,
  landingPage: false,
  cors: false,
  multipart: false,
  maxRequestBodySize: false,
  logging: false,
} as const

/**
 * Sends every operation through the pipeline of GraphQL Yoga, whose processors choose the status and the form of the
 * result. The request was read, and the media type chosen, before, by stricter rules than Yoga's. JSON and events skip
 * the objects of the Fetch API, which cost more than the pipeline.
 *
 * @param plugins the steps of the execution, in their order
 */
export function createGraphqlOverHttp(plugins: readonly ExecutionPlugin[]): GraphqlOverHttp {
  const { fetch, fetchAPI, getResultForParams } = createYoga<ExecutionState, ExecutionState>({
    plugins: [takeParams, ...plugins],
    ...OFF,
  })
  const request = new fetchAPI.Request(NAMELESS_URL, { method: 'POST' })
  const processAsEvent = getSSEProcessor()

  return async (operation, type) => {
    const state: ExecutionState = { operation }
    if (type === 'multipart/mixed') {
      const response = await fetch(NAMELESS_URL, { method: 'POST', headers: { accept: type } }, state)
      return toGraphqlResponse(response)
    }
    const result = await getResultForParams({ request, params: toParams(operation) }, state)
    if (isAsyncIterable(result)) return { kind: 'EVENTS', results: result }
    if (result === undefined) throw new Error('An operation has a result')
    if (!isJsonType(type)) return toGraphqlResponse(await processAsEvent(result, fetchAPI, type))
    if (result.errors !== undefined) {
      return toGraphqlResponse(await processRegularResult(result, fetchAPI, type))
    }
    const headers = { 'content-type': `${type}; charset=utf-8` }
    return { kind: 'WHOLE', httpStatus: 200, headers, body: JSON.stringify(result) }
  }
}

/** Passes the parameters on the way through the Fetch API. */
const takeParams: ExecutionPlugin = {
  onRequestParse({ serverContext, setRequestParser }) {
    setRequestParser(() => toParams(serverContext.operation))
  },
}

/** Yoga demands a text, even if `executeOperation` finds that there is none. */
function toParams({ document, operationName, variables }: OperationRequest): GraphQLParams {
  const query = typeof document === 'string' ? document : ''
  return operationName === null ? { query, variables } : { query, variables, operationName }
}

async function toGraphqlResponse(response: Response): Promise<GraphqlResponse> {
  const headers: Record<string, string> = {}
  for (const name of OF_THE_RESULT) {
    const value = response.headers.get(name)
    if (value !== null) headers[name] = value
  }
  return { kind: 'WHOLE', httpStatus: response.status, headers, body: await response.text() }
}
