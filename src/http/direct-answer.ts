import type { ExecutionResult } from 'graphql'
import { type FetchAPI, processRegularResult } from 'graphql-yoga'
import { type Answer, readAnswer } from './answer.ts'
import type { JsonType } from './response-type.ts'

/**
 * Says a result as JSON without fetch's objects and streams, which cost more than executing it. What errors make of
 * the status is left to Yoga.
 */
export function toDirectAnswer(
  result: ExecutionResult,
  type: JsonType,
  fetchAPI: FetchAPI,
): Answer | Promise<Answer> {
  return result.errors === undefined
    ? { httpStatus: 200, headers: { 'content-type': `${type}; charset=utf-8` }, body: JSON.stringify(result) }
    : readAnswer(processRegularResult(result, fetchAPI, type))
}
