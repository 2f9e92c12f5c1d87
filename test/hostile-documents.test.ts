import { describe, expect, it } from 'vitest'
import { type Json, startApp } from './support/app.ts'
import { CANARY } from './support/canaries.ts'
import { takeErrors } from './support/request-ids.ts'

const ADA = '65a000000000000000000001'
const set = (alias: string) =>
  `${alias} setUserMfaStatus(input: { userId: "${ADA}", disable: [SMS] }) { __typename }`
const nest = (levels: number): string =>
  levels === 0 ? '__typename' : `user { mfa { ${nest(levels - 1)} } }`
const read = (selection: string) => `{ userMfa(userId: "${ADA}") { ... on UserMfa { ${selection} } } }`

function doublingFragments(levels: number): string {
  const fragments = Array.from(
    { length: levels },
    (_, n) =>
      `fragment F${n} on User { ${n === levels - 1 ? 'id' : `mfa { user { ...F${n + 1} } } mfa { user { ...F${n + 1} } }`} }`,
  )
  return `${read('user { ...F0 }')} ${fragments.join(' ')}`
}

/** Table A: what is sent, and the right answer. A string is a document, anything else a whole body. */
const TABLE: [string, string | object, number, string][] = [
  ['A1 a document nested a thousand levels deep', read(nest(500)), 400, 'LIMIT_EXCEEDED'],
  ['A1 nested six levels too deep', read(nest(7)), 400, 'LIMIT_EXCEEDED'],
  [
    'A2 a default value of 50,000 lists',
    `query($x:Int=${'['.repeat(20_000)}${']'.repeat(20_000)}){__typename}`,
    400,
    'LIMIT_EXCEEDED',
  ],
  ['A3 fragments that double eighteen times', doublingFragments(18), 400, 'LIMIT_EXCEEDED'],
  ['A3 fragments that double 25 times', doublingFragments(25), 400, 'LIMIT_EXCEEDED'],
  [
    'A4 fragments in a circle',
    '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
    400,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'A5 101 aliases of __typename',
    `{ ${Array.from({ length: 101 }, (_, n) => `a${n}: __typename`).join(' ')} }`,
    400,
    'LIMIT_EXCEEDED',
  ],
  [
    'A5 sixteen aliases through fragments',
    `{ ${'...A '.repeat(1)}...B } fragment A on Query { ${Array.from({ length: 8 }, (_, n) => `a${n}: __typename`).join(' ')} } fragment B on Query { ...A b: __typename }`,
    400,
    'LIMIT_EXCEEDED',
  ],
  ['A5 an alias of 129 characters', `{ ${'a'.repeat(129)}: __typename }`, 400, 'LIMIT_EXCEEDED'],
  ['A6 two mutations in one operation', `mutation { ${set('a:')} ${set('b:')} }`, 400, 'LIMIT_EXCEEDED'],
  [
    'A6 two mutations through a fragment',
    `mutation { ${set('a:')} ...F } fragment F on Mutation { ${set('b:')} }`,
    400,
    'LIMIT_EXCEEDED',
  ],
  [
    'A6 two different mutations',
    `mutation { ${set('a:')} setUsersMfaStatus(input: { users: [{ userId: "u" }], enable: [OTP] }) { __typename } }`,
    400,
    'LIMIT_EXCEEDED',
  ],
  [
    'A7 fourteen mutations',
    `mutation { ${Array.from({ length: 14 }, (_, n) => set(`a${n}:`)).join(' ')} }`,
    400,
    'LIMIT_EXCEEDED',
  ],
  [
    'A7 101 mutations',
    `mutation { ${Array.from({ length: 101 }, (_, n) => set(`a${n}:`)).join(' ')} }`,
    400,
    'LIMIT_EXCEEDED',
  ],
  ['A8 three thousand fields', `{ ${'__typename '.repeat(3_000)} }`, 400, 'LIMIT_EXCEEDED'],
  ['A8 eleven root fields', `{ ${'__typename '.repeat(11)} }`, 400, 'LIMIT_EXCEEDED'],
  ['A10 a thousand directives', `{ __typename ${'@a '.repeat(300)} }`, 400, 'LIMIT_EXCEEDED'],
  [
    'A10 six directives, one on a variable',
    `query ($x: Int @a) { __typename ${'@skip(if: false) '.repeat(5)} }`,
    400,
    'LIMIT_EXCEEDED',
  ],
  ['A12 a batch', Array(10).fill({ query: '{ __typename }' }), 400, 'BAD_REQUEST'],
  [
    'A13 two operations without a name',
    'query A { __typename } query B { __typename }',
    400,
    'OPERATION_RESOLUTION_FAILURE',
  ],
  [
    'A13 a name that is none of them',
    { query: 'query A { __typename }', operationName: 'B' },
    400,
    'OPERATION_RESOLUTION_FAILURE',
  ],
  ['A15 a subscription', 'subscription { x }', 400, 'GRAPHQL_VALIDATION_FAILED'],
  ['A15 defer', `{ ... @defer { __typename } }`, 400, 'GRAPHQL_VALIDATION_FAILED'],
  [
    'A15 stream',
    `{ usersMfa(users: []) { ... on UsersMfaSuccess { results @stream { __typename } } } }`,
    400,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['A16 introspection', '{ __schema { types { name } } }', 400, 'INTROSPECTION_DISABLED'],
  ['A16 one type', '{ __type(name: "User") { name } }', 400, 'INTROSPECTION_DISABLED'],
  [
    'A16 introspection below an alias',
    '{ s: __schema { types { fields { type { ofType { ofType { ofType { ofType { name } } } } } } } } }',
    400,
    'INTROSPECTION_DISABLED',
  ],
  [
    'A18 a number for an id',
    { query: 'query ($u: String!) { userMfa(userId: $u) { __typename } }', variables: { u: 2 ** 53 } },
    400,
    'BAD_USER_INPUT',
  ],
  ['A26 an unknown key', { query: '{ __typename }', evil: 1 }, 400, 'BAD_REQUEST'],
  ['A27 null', 'BODY:null', 400, 'BAD_REQUEST'],
  ['A27 a number', 'BODY:1', 400, 'BAD_REQUEST'],
  ['A27 an empty list', 'BODY:[]', 400, 'BAD_REQUEST'],
  ['A27 nothing', 'BODY:', 400, 'BAD_REQUEST'],
  ['a key twice', 'BODY:{"query":"{ __typename }","query":"mutation { x }"}', 400, 'BAD_REQUEST'],
  [
    'a key twice, once escaped',
    'BODY:{"query":"{ __typename }","qu\\u0065ry":"mutation { x }"}',
    400,
    'BAD_REQUEST',
  ],
  [
    'variables nested 65 levels deep',
    `BODY:{"query":"{ __typename }","variables":{"a":${'['.repeat(63)}${']'.repeat(63)}}}`,
    400,
    'BAD_REQUEST',
  ],
  [
    'A35 a field that does not exist',
    {
      query: 'mutation ($i: SetUserMfaStatusInput!) { setUserMfaStatus(input: $i) { __typename } }',
      variables: { i: { userId: ADA, disable: ['SMS'], applicationMfa: [] } },
    },
    400,
    'BAD_USER_INPUT',
  ],
  [
    'a prototype for a variable',
    'BODY:{"query":"query ($u: UserRefInput!) { usersMfa(users: [$u]) { __typename } }","variables":{"u":{"userId":"u","__proto__":{"userIdType":"EMAIL"}}}}',
    400,
    'BAD_USER_INPUT',
  ],
]

describe('in production', () => {
  it.each(TABLE)('%s', async (_name, sent, status, code) => {
    await using app = await startApp({ env: { NODE_ENV: 'production', AUDIT_LOG: 'stdout' } })
    const body =
      typeof sent !== 'string'
        ? JSON.stringify(sent)
        : sent.startsWith('BODY:')
          ? sent.slice(5)
          : JSON.stringify({ query: sent })
    const startedAtMs = performance.now()
    const refused = await app.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body,
    })
    expect(performance.now() - startedAtMs).toBeLessThan(1_000)
    const { data } = JSON.parse(refused.text)
    const errors = takeErrors(refused.headers.get('x-request-id'), refused.text)
    expect([refused.status, data, errors[0].extensions]).toEqual([status, undefined, { code }])
    if (code === 'LIMIT_EXCEEDED') expect(errors).toHaveLength(1)
    expect(refused.text).not.toMatch(/did you mean|originalError|stack|\.ts|\.js/i)
    expect(app.takeCalls()).toEqual([])
    expect((await app.graphql('{ __typename }')).data).toEqual({ __typename: 'Query' })
  })

  it.each([
    ['A17 a field', '{ usrMfa }'],
    ['A17 an argument', '{ userMfa(userIds: "u") { __typename } }'],
    ['A17 an enum value', '{ userMfa(userId: "u", userIdType: USER_IDD) { __typename } }'],
    ['A17 a type', '{ userMfa(userId: "u") { ... on UserMfaa { posture } } }'],
  ])('%s that is nearly right gets no suggestion', async (_name, document) => {
    await using app = await startApp({ env: { INTROSPECTION: 'off' } })
    const { status, errors } = await app.graphql(document)
    expect(status).toBe(400)
    expect(JSON.stringify(errors)).not.toMatch(/did you mean/i)
    await using open = await startApp()
    const helped = JSON.stringify((await open.graphql(document)).errors)
    if (!document.includes('USER_IDD')) expect(helped).toMatch(/did you mean/i)
  })
})

it.each([
  ['A17 an enum value', { i: { userId: ADA, userIdType: 'USER_IDD' } }],
  ['A17 a factor', { i: { userId: ADA, disable: ['SMSS'] } }],
  ['A17 an input field', { i: { userIdd: ADA, disable: ['SMS'] } }],
])(
  '%s in a variable that is nearly right gets no suggestion, published schema or not',
  async (_name, variables) => {
    for (const INTROSPECTION of ['on', 'off']) {
      await using app = await startApp({ env: { INTROSPECTION } })
      const { status, errors } = await app.graphql(
        'mutation ($i: SetUserMfaStatusInput!) { setUserMfaStatus(input: $i) { __typename } }',
        variables,
      )
      expect([status, errors[0].extensions.code]).toEqual([400, 'BAD_USER_INPUT'])
      expect(JSON.stringify(errors)).not.toMatch(/did you mean/i)
      expect(app.takeCalls()).toEqual([])
    }
  },
)

describe('what is within the limits works', () => {
  const good = [
    read('user { mfa { user { mfa { factors { code } } } } }'),
    `{ ${Array.from({ length: 10 }, (_, n) => `a${n}: __typename`).join(' ')} }`,
    'query A($no: Boolean = false) { __typename @skip(if: $no) @include(if: true) }',
    `mutation { __typename: __typename }`,
    `{ ${'a'.repeat(128)}: __typename }`,
  ]
  it.each(good)('%s', async document => {
    await using app = await startApp()
    expect((await app.graphql(document)).errors).toEqual([])
  })

  it('A14 the operation that is named is the one that is run, judged and logged', async () => {
    await using app = await startApp({ claims: { scope: 'mfa:read' } })
    const query = `query A { __typename } mutation B { ${set('')} }`
    const body = JSON.stringify({ query, operationName: 'B' })
    const answer = await app.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    expect(JSON.parse(answer.text).errors[0].extensions.code).toBe('FORBIDDEN')
    await expect.poll(() => app.log.find((line: Json) => line.msg === 'request')?.operationName).toBe('B')
    expect(app.takeCalls()).toEqual([])
  })

  it('the introspection of GraphiQL, where it is on', async () => {
    const { getIntrospectionQuery } = await import('graphql')
    await using app = await startApp()
    const { errors } = await app.graphql(
      getIntrospectionQuery({ inputValueDeprecation: true, schemaDescription: true }),
    )
    expect(errors).toEqual([])
  })
})

it('a canary in a document or a variable is repeated by no error', async () => {
  await using app = await startApp()
  const documents = [
    `{ userMfa(userId: "u", userIdType: "${CANARY.phone}") { __typename } }`,
    `query ($x: Int = "${CANARY.mfaToken}") { __typename }`,
    `{ userMfa(userId: ["${CANARY.email}"]) { __typename } }`,
    `"${CANARY.phone}" { __typename }`,
  ]
  for (const document of documents) expect((await app.graphql(document)).status).toBe(400)
})
