import { createYoga, type GraphQLParams, isAsyncIterable, processRegularResult } from 'graphql-yoga'
import type { ExecutionPlugin, ExecutionState } from '../execution/execution-plugins.ts'
import type { OperationRequest } from '../execution/operation-request.ts'
import { RequestRefused } from './request-refused.ts'
import { isJsonType, type ResponseType } from './response-type.ts'

/** A result in a media type. */
export interface GraphqlResponse {
  readonly httpStatus: number
  readonly headers: Readonly<Record<string, string>>
  /** The parts of a stream are sent as they come. */
  readonly body: string | ReadableStream<Uint8Array>
}

/**
 * Executes an operation and returns its result in the media type that was chosen for it.
 *
 * @throws RequestRefused 406 for results that come one after another in another type than `text/event-stream`
 */
export type GraphqlOverHttp = (operation: OperationRequest, type: ResponseType) => Promise<GraphqlResponse>

const ONLY_AS_STREAM =
  'The results of this operation come one after another: name text/event-stream in the Accept header.'

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
 * result. The request was read, and the media type chosen, before, by stricter rules than Yoga's. JSON skips the
 * objects of the Fetch API, which cost more than the pipeline.
 *
 * @param plugins the steps of the execution, in their order
 */
export function createGraphqlOverHttp(plugins: readonly ExecutionPlugin[]): GraphqlOverHttp {
  const { fetch, fetchAPI, getResultForParams } = createYoga<ExecutionState, ExecutionState>({
    plugins: [takeParams, endUnheardStreams, ...plugins],
    ...OFF,
  })
  const request = new fetchAPI.Request(NAMELESS_URL, { method: 'POST' })

  async function respond(state: ExecutionState, type: ResponseType): Promise<GraphqlResponse> {
    if (!isJsonType(type)) {
      const response = await fetch(NAMELESS_URL, { method: 'POST', headers: { accept: type } }, state)
      return toGraphqlResponse(response, state.progress.stream === 'ACCEPTED')
    }
    const result = await getResultForParams({ request, params: toParams(state.operation) }, state)
    if (result === undefined || isAsyncIterable(result)) throw new Error('JSON holds one result')
    if (result.errors !== undefined) {
      return toGraphqlResponse(await processRegularResult(result, fetchAPI, type), false)
    }
    const headers = { 'content-type': `${type}; charset=utf-8` }
    return { httpStatus: 200, headers, body: JSON.stringify(result) }
  }

  return async (operation, type) => {
    const state: ExecutionState = { operation, progress: { stream: 'NONE' } }
    const response = await respond(state, type)
    if (state.progress.stream !== 'REFUSED') return response
    throw new RequestRefused(406, 'NOT_ACCEPTABLE', ONLY_AS_STREAM)
  }
}

/** Passes the parameters on the way through the Fetch API. */
const takeParams: ExecutionPlugin = {
  onRequestParse({ serverContext, setRequestParser }) {
    setRequestParser(() => toParams(serverContext.operation))
  },
}

/** Ends results that come one after another if the media type holds only one. */
const endUnheardStreams: ExecutionPlugin = {
  onExecutionResult({ request, result, setResult, context }) {
    if (!isAsyncIterable(result)) return
    const isHeard = request.headers.get('accept') === 'text/event-stream'
    context.progress.stream = isHeard ? 'ACCEPTED' : 'REFUSED'
    if (isHeard) return
    result[Symbol.asyncIterator]().return?.()
    setResult({})
  },
}

/** Yoga demands a text, even if `executeOperation` finds that there is none. */
function toParams({ document, operationName, variables }: OperationRequest): GraphQLParams {
  const query = typeof document === 'string' ? document : ''
  return operationName === null ? { query, variables } : { query, variables, operationName }
}

async function toGraphqlResponse(response: Response, isStream: boolean): Promise<GraphqlResponse> {
  const headers: Record<string, string> = {}
  for (const name of OF_THE_RESULT) {
    const value = response.headers.get(name)
    if (value !== null) headers[name] = value
  }
  const body = isStream && response.body !== null ? response.body : await response.text()
  return { httpStatus: response.status, headers, body }
}
