import { z } from 'zod'
import type { HttpRequest } from '../harness/http-connection.ts'
import { type Dialect, TRIGGER_DATA } from './dialect.ts'
import { toGraphqlRequest } from './layer.ts'
import { isDone, toApplicationMfa, toFactors } from './rest.ts'

/** The schema that a gateway makes of the endpoints: their own words, one field for each, and a list by aliases. */

const SET = 'mutation Set($input: Set_Input!) { setMfaStatus(input: $input) { statusCode data { success } } }'
const STATUS = 'statusCode data { applicationMfa { mfaPolicy status sort } }'

const setAnswer = z.object({ data: z.object({ setMfaStatus: z.unknown() }) })
const statusAnswer = z.object({ data: z.record(z.string(), z.unknown()) })

export const OPENAPI: Dialect = {
  toRequests({ caseName, userIds, token }) {
    const [userId = ''] = userIds
    switch (caseName) {
      case 'set-with-token':
        return [toSet(token, userId)]
      case 'set':
        return [toRead(token, userIds), toSet(token, userId)]
      case 'user-mfa':
      case 'users-mfa-1':
      case 'users-mfa-10':
      case 'users-mfa-50':
        return [toRead(token, userIds)]
      case 'entities-50':
        return null
    }
  },
  readContent(caseName, answers) {
    switch (caseName) {
      case 'set-with-token':
      case 'set':
        return { applied: isDone(setAnswer.parse(answers.at(-1)).data.setMfaStatus) }
      case 'user-mfa':
      case 'users-mfa-1':
      case 'users-mfa-10':
      case 'users-mfa-50':
      case 'entities-50':
        return { users: Object.values(statusAnswer.parse(answers[0]).data).map(toFactors) }
    }
  },
}

function toSet(token: string, userId: string): HttpRequest {
  const mfaTriggerData = { ...TRIGGER_DATA, applicationMfa: toApplicationMfa() }
  return toGraphqlRequest(token, SET, { input: { userId, userIdType: 'user_id', mfaTriggerData } })
}

function toRead(token: string, userIds: readonly string[]): HttpRequest {
  const declared = userIds.map((_, index) => `$u${index}: String!`)
  const fields = userIds.map((_, index) => `u${index}: getMfaStatus(userId: $u${index}) { ${STATUS} }`)
  const variables = Object.fromEntries(userIds.map((userId, index) => [`u${index}`, userId]))
  return toGraphqlRequest(token, `query Read(${declared.join(' ')}) { ${fields.join(' ')} }`, variables)
}
