import type { IncomingMessage } from 'node:http'
import type { ExecutionResult } from 'graphql'
import { type FetchAPI, processRegularResult } from 'graphql-yoga'
import { type Answer, readAnswer } from './answer.ts'

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
  const { accept } = headers
  if (!accept || accept === '*/*') return 'application/json'
  const wanted = /^\s*([^\s,;]+)\s*(?:;\s*q=[\d.]+\s*)?(?:,|$)/.exec(accept)?.[1]
  return ANSWER_TYPES.get(wanted?.toLowerCase() ?? '') ?? null
}

/** Says a result as the general path would. What errors make of the status is left to Yoga. */
export function toDirectAnswer(
  result: ExecutionResult,
  type: string,
  fetchAPI: FetchAPI,
): Answer | Promise<Answer> {
  return result.errors === undefined
    ? { httpStatus: 200, headers: { 'content-type': `${type}; charset=utf-8` }, body: JSON.stringify(result) }
    : readAnswer(processRegularResult(result, fetchAPI, type))
}
