import { z } from 'zod'
import type { HttpRequest } from '../harness/http-connection.ts'
import { type Content, type Dialect, TRIGGER_DATA, WANTED_FACTORS } from './dialect.ts'

/** GenAuth's own endpoints, as asked through the proxy: one request for each call that an operation makes. */

const setAnswer = z.object({ statusCode: z.literal(200), data: z.object({ success: z.boolean() }) })
const statusAnswer = z.object({
  statusCode: z.literal(200),
  data: z.object({ applicationMfa: z.array(z.unknown()) }),
})
const factorSchema = z.object({ mfaPolicy: z.string(), status: z.number(), sort: z.number() })

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
        return { applied: setAnswer.parse(answers.at(-1)).data.success }
      case 'user-mfa':
      case 'users-mfa-1':
      case 'users-mfa-10':
      case 'users-mfa-50':
      case 'entities-50':
        return { users: answers.map(answer => toFactors(statusAnswer.parse(answer).data.applicationMfa)) }
    }
  },
}

/** What GenAuth says of a user's factors, in the words of this server. */
export function toFactors(
  applicationMfa: readonly unknown[],
): Extract<Content, { users: unknown }>['users'][number] {
  return applicationMfa
    .map(factor => factorSchema.parse(factor))
    .map(({ mfaPolicy, status, sort }) => ({ code: mfaPolicy, enabled: status !== 0, sort }))
}

function toGet(userId: string, headers: Readonly<Record<string, string>>): HttpRequest {
  return { method: 'GET', path: `/api/v3/get-mfa-status?userId=${userId}&userIdType=user_id`, headers }
}

function toPost(userId: string, headers: Readonly<Record<string, string>>): HttpRequest {
  const applicationMfa = WANTED_FACTORS.map((mfaPolicy, sort) => ({ mfaPolicy, status: 1, sort }))
  const body = JSON.stringify({
    userId,
    userIdType: 'user_id',
    mfaTriggerData: { ...TRIGGER_DATA, applicationMfa },
  })
  return { method: 'POST', path: '/api/v3/set-mfa-status', headers, body }
}
