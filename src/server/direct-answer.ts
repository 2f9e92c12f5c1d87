import type { IncomingMessage } from 'node:http'
import type { GraphQLError } from 'graphql'
import { processRegularResult, type YogaServerInstance } from 'graphql-yoga'
import type { GraphQLContext } from '../schema/context.ts'
import type { AcceptedRequest } from './edge.ts'
import { noteErrors } from './use-operation-log.ts'

type Yoga = YogaServerInstance<AcceptedRequest, GraphQLContext>

/** What an answer's type is, by what its client would like best: GraphQL over HTTP as Yoga reads it. */
const ANSWER_TYPES: ReadonlyMap<string, string> = new Map([
  ['application/graphql-response+json', 'application/graphql-response+json'],
  ['application/json', 'application/json'],
  ['application/*', 'application/json'],
  ['*/*', 'application/json'],
])

/**
 * The type of the answer to a request that can be answered without fetch's objects and streams, which cost more
 * than executing it. Null: it takes Yoga's general path. That is a `GET`, and whoever would rather have another
 * type or says a parameter of it.
 */
export function toDirectType({
  method,
  headers,
}: Pick<IncomingMessage, 'method' | 'headers'>): string | null {
  if (method !== 'POST') return null
  const wanted = /^\s*([^\s,;]+)\s*(?:;\s*q=[\d.]+\s*)?(?:,|$)/.exec(headers.accept || '*/*')?.[1]
  return ANSWER_TYPES.get(wanted?.toLowerCase() ?? '') ?? null
}

/** Executes operations by all of Yoga's rules and plugins, and says their results as the general path would. */
export function createDirectAnswer(yoga: Yoga, maskError: (error: unknown) => GraphQLError) {
  // Plugins look at a request's method, and at nothing else of it.
  const request = new yoga.fetchAPI.Request('http://localhost/graphql', { method: 'POST' })

  async function execute(accepted: AcceptedRequest) {
    // Yoga writes into what it is given as context.
    const result = await yoga.getResultForParams({ params: accepted.params, request }, { ...accepted })
    if (result === undefined) throw new Error('Yoga came to no result')
    return result
  }

  return async (accepted: AcceptedRequest, type: string): Promise<Response> => {
    const result = await execute(accepted).catch((error: unknown) => ({ errors: [maskError(error)] }))
    noteErrors(accepted.note, result)
    return processRegularResult(result, yoga.fetchAPI, type)
  }
}
