import { z } from 'zod'
import type { HttpRequest } from '../harness/http-connection.ts'
import { type Dialect, type FactorContent, TRIGGER_DATA, WANTED_FACTORS } from './dialect.ts'

/** GenAuth's own endpoints through the proxy, with one request for each call of an operation. */

const factorSchema = z.object({ mfaPolicy: z.string(), status: z.number(), sort: z.number() })
const setAnswer = z.object({ statusCode: z.literal(200), data: z.object({ success: z.boolean() }) })
const statusAnswer = z.object({
  statusCode: z.literal(200),
  data: z.object({ applicationMfa: z.array(factorSchema) }),
})

export const REST: Dialect = {
  toRequests({ caseName, userIds, token }) {
    const headers = { authorization: `Bearer ${token}` }
    const gets = userIds.map(userId => toGet(userId, headers))
    const posts = userIds.map(userId => toPost(userId, headers))
    switch (caseName) {
      case 'set-with-token':
        return posts
      case 'set':
        return [...gets, ...posts]
      case 'user-mfa':
      case 'users-mfa-1':
      case 'users-mfa-10':
      case 'users-mfa-50':
      case 'entities-50':
        return gets
    }
  },
  readContent(caseName, answers) {
    switch (caseName) {
      case 'set-with-token':
      case 'set':
        return { applied: isDone(answers.at(-1)) }
      case 'user-mfa':
      case 'users-mfa-1':
      case 'users-mfa-10':
      case 'users-mfa-50':
      case 'entities-50':
        return { users: answers.map(toFactors) }
    }
  },
}

/** Returns `true` if GenAuth confirms the write. */
export function isDone(answer: unknown): boolean {
  return setAnswer.parse(answer).data.success
}

/** Returns a user's factors of GenAuth's reply, in the words of this server. */
export function toFactors(answer: unknown): FactorContent[] {
  return statusAnswer.parse(answer).data.applicationMfa.map(({ mfaPolicy, status, sort }) => ({
    code: mfaPolicy,
    enabled: status !== 0,
    sort,
  }))
}

/** Returns the factors that every write wants, in GenAuth's words. */
export function toApplicationMfa() {
  return WANTED_FACTORS.map((mfaPolicy, sort) => ({ mfaPolicy, status: 1, sort }))
}

function toGet(userId: string, headers: Readonly<Record<string, string>>): HttpRequest {
  return { method: 'GET', path: `/api/v3/get-mfa-status?userId=${userId}&userIdType=user_id`, headers }
}

function toPost(userId: string, headers: Readonly<Record<string, string>>): HttpRequest {
  const mfaTriggerData = { ...TRIGGER_DATA, applicationMfa: toApplicationMfa() }
  const body = JSON.stringify({ userId, userIdType: 'user_id', mfaTriggerData })
  return { method: 'POST', path: '/api/v3/set-mfa-status', headers, body }
}
