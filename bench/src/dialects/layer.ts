import { z } from 'zod'
import type { CaseName } from '../cases.ts'
import type { HttpRequest } from '../harness/http-connection.ts'
import { type CallContext, type Content, type Dialect, TRIGGER_DATA, WANTED_FACTORS } from './dialect.ts'

/** The schema of this server, which the peers share as far as the documents go. */

const FACTORS = 'factors { code type enabled sort }'
const ERROR = '... on MfaError { code message retryable }'
const SET = `mutation Set($input: SetUserMfaStatusInput!) {
  setUserMfaStatus(input: $input) {
    __typename
    ... on SetUserMfaStatusSuccess { applied userMfa { ${FACTORS} } }
    ${ERROR}
  }
}`
const USER = `query One($userId: String!) {
  userMfa(userId: $userId) { __typename ... on UserMfa { ${FACTORS} } ${ERROR} }
}`
const USERS = `query Several($users: [UserRefInput!]!) {
  usersMfa(users: $users) {
    __typename
    ... on UsersMfaSuccess { results { payload { __typename ... on UserMfa { ${FACTORS} } ${ERROR} } } }
    ${ERROR}
  }
}`
const ENTITIES = `query Entities($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on User { id mfa { ${FACTORS} } } }
}`

const factors = z.array(
  z.object({ code: z.string(), type: z.string().nullable(), enabled: z.boolean(), sort: z.number() }),
)
const userMfa = z.strictObject({ __typename: z.literal('UserMfa'), factors })
const setData = z.strictObject({
  setUserMfaStatus: z.strictObject({
    __typename: z.literal('SetUserMfaStatusSuccess'),
    applied: z.boolean(),
    userMfa: z.object({ factors }),
  }),
})
const userData = z.strictObject({ userMfa })
const usersData = z.strictObject({
  usersMfa: z.strictObject({
    __typename: z.literal('UsersMfaSuccess'),
    results: z.array(z.strictObject({ payload: userMfa })),
  }),
})
const entitiesData = z.strictObject({
  _entities: z.array(z.strictObject({ id: z.string(), mfa: z.object({ factors }) })),
})

export const LAYER: Dialect = {
  toRequests: operation => [toGraphqlRequest(operation.token, ...toGraphql(operation))],
  readContent(caseName, [answer]) {
    const { data } = z.strictObject({ data: z.unknown() }).parse(answer)
    return toContent(caseName, data)
  },
}

/** Returns a POST with a document and its variables. */
export function toGraphqlRequest(token: string, query: string, variables: object): HttpRequest {
  return {
    method: 'POST',
    path: '/graphql',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  }
}

function toGraphql({ caseName, userIds }: CallContext): [query: string, variables: object] {
  const [userId] = userIds
  const input = { userId, factors: WANTED_FACTORS.map(type => ({ type })) }
  switch (caseName) {
    case 'set-with-token':
      return [SET, { input: { ...input, triggerData: TRIGGER_DATA } }]
    case 'set':
      return [SET, { input }]
    case 'user-mfa':
      return [USER, { userId }]
    case 'users-mfa-1':
    case 'users-mfa-10':
    case 'users-mfa-50':
      return [USERS, { users: userIds.map(id => ({ userId: id })) }]
    case 'entities-50':
      return [ENTITIES, { representations: userIds.map(id => ({ __typename: 'User', id })) }]
  }
}

function toContent(caseName: CaseName, data: unknown): Content {
  switch (caseName) {
    case 'set-with-token':
    case 'set':
      return { applied: setData.parse(data).setUserMfaStatus.applied }
    case 'user-mfa':
      return toUsers([userData.parse(data).userMfa])
    case 'users-mfa-1':
    case 'users-mfa-10':
    case 'users-mfa-50':
      return toUsers(usersData.parse(data).usersMfa.results.map(({ payload }) => payload))
    case 'entities-50':
      return toUsers(entitiesData.parse(data)._entities.map(({ mfa }) => mfa))
  }
}

function toUsers(users: readonly { readonly factors: z.infer<typeof factors> }[]): Content {
  return {
    users: users.map(user => user.factors.map(({ code, enabled, sort }) => ({ code, enabled, sort }))),
  }
}
