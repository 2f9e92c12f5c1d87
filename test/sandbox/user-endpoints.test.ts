import { expect, test } from 'vitest'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { ADA, ALAN, createTokenCaller, GRACE, getToken, KATHERINE, type Params, toAnswer } from './clients.ts'

const REQUIRED = [
  'userId',
  'createdAt',
  'updatedAt',
  'status',
  'workStatus',
  'gender',
  'emailVerified',
  'phoneVerified',
  'userSourceType',
]

test('A user comes with all required fields and none of the details that were not asked for.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const { body } = await call('get-user', { userId: 'ada', userIdType: 'username' })
  for (const field of REQUIRED) {
    expect(body.data).toHaveProperty(field)
  }
  for (const field of ['identities', 'customData', 'departmentIds', 'postIdList', 'badge', 'mfa']) {
    expect(body.data).not.toHaveProperty(field)
  }
  expect(body.data).toMatchObject({ userId: ADA, username: 'ada', externalId: 'emp-0001' })
})

test('Details come when asked for; a sync relation shows as an identity of its provider.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const { body } = await call('get-user', {
    userId: ADA,
    withIdentities: true,
    withCustomData: true,
    withDepartmentIds: true,
    withPost: true,
  })
  expect(body.data).toMatchObject({
    customData: { badge: 'B-0001' },
    departmentIds: ['65d000000000000000000001'],
    postIdList: [],
    identities: [
      { extIdpId: '62f20932716fbcc10d966ee5', provider: 'lark', userIdInIdp: 'ou_ada' },
      { provider: 'lark', userIdInIdp: 'ou_ada' },
    ],
  })
  const flat = await call('get-user', { userId: ADA, withCustomData: true, flatCustomData: true })
  expect(flat.body.data).toMatchObject({ badge: 'B-0001', userId: ADA })
  expect(flat.body.data).not.toHaveProperty('customData')
})

test('A batch leaves unknown users out and is not in the order asked for.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const { body } = await call('get-user-batch', { userIds: [ADA, 'nobody', GRACE, ADA, ALAN] })
  expect(body).toMatchObject({
    statusCode: 200,
    data: [{ userId: ALAN }, { userId: GRACE }, { userId: ADA }],
  })
  expect(body.data).toHaveLength(3)
  const nobody = await call('get-user-batch', { userIds: ['nobody'] })
  expect(nobody.body).toMatchObject({ statusCode: 200, data: [] })
})

test('A batch takes other id types and details.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const { body } = await call('get-user-batch', {
    userIds: ['KATHERINE@example.com', 'grace@example.com'],
    userIdType: 'email',
    withCustomData: true,
    withIdentities: true,
  })
  expect(body.data).toMatchObject([
    { userId: KATHERINE, customData: {}, identities: [] },
    { userId: GRACE, customData: {}, identities: [] },
  ])
})

test.each([
  `userIds=${ADA}&userIds=${GRACE}`,
  `userIds[]=${ADA}&userIds[]=${GRACE}`,
  `userIds%5B%5D=${ADA}&userIds%5B%5D=${GRACE}`,
])('A list in a query can be written %s.', async query => {
  await using sandbox = await startSandbox({ port: 0 })
  const headers = { authorization: await getToken(sandbox), 'x-authing-userpool-id': sandbox.userPoolId }
  const { body } = await toAnswer(await fetch(`${sandbox.url}/api/v3/get-user-batch?${query}`, { headers }))
  expect(body).toMatchObject({ data: [{ userId: GRACE }, { userId: ADA }] })
})

test.each<{ what: string; params: Params; names: string }>([
  { what: 'none', params: {}, names: 'userIds' },
  { what: 'an empty list', params: { userIds: [] }, names: 'userIds' },
  { what: '51 ids', params: { userIds: Array(51).fill(ADA) }, names: 'userIds' },
  { what: 'an empty id', params: { userIds: [ADA, ''] }, names: 'userIds.1' },
  { what: 'a malformed e-mail', params: { userIds: ['a#b'], userIdType: 'email' }, names: 'userIds' },
  { what: 'an unknown id type', params: { userIds: [ADA], userIdType: 'id' }, names: 'userIdType' },
])('A batch of $what is refused with 400.', async ({ params, names }) => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const { body } = await call('get-user-batch', params)
  expect(body).toMatchObject({ statusCode: 400, message: `参数 ${names} 格式错误` })
})

test('A batch of 50 is taken.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const page = await call('list-users', { options: { pagination: { page: 1, limit: 50 } } })
  const userIds = (page.body.data as { list: { userId: string }[] }).list.map(user => user.userId)
  const { body } = await call('get-user-batch', { userIds })
  expect(body.data).toHaveLength(50)
})

test('Pages are of 10 unless asked otherwise, and together hold every user once.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const first = await call('list-users', {})
  expect(first.body.data).toMatchObject({ totalCount: 64, list: { length: 10 } })
  const seen = new Set<string>()
  for (const page of [1, 2, 3, 4]) {
    const { body } = await call('list-users', { options: { pagination: { page, limit: 20 } } })
    for (const user of (body.data as { list: { userId: string }[] }).list) {
      seen.add(user.userId)
    }
  }
  expect(seen.size).toBe(64)
})

test.each<{ what: string; params: Params; usernames: string[] }>([
  { what: 'keywords in any case', params: { keywords: 'LOVELACE' }, usernames: ['ada'] },
  {
    what: 'keywords over chosen fields',
    params: { keywords: 'emp-0001', options: { fuzzySearchOn: ['externalId'] } },
    usernames: ['ada'],
  },
  { what: 'keywords over fields that do not hold them', params: { keywords: 'emp-0001' }, usernames: [] },
  { what: 'EQUAL', params: filter('status', 'EQUAL', 'Suspended'), usernames: ['charles'] },
  { what: 'CONTAINS', params: filter('email', 'CONTAINS', 'GRACE'), usernames: ['grace'] },
  {
    what: 'IN, sorted downwards',
    params: {
      ...filter('username', 'IN', ['ada', 'grace', 'nobody']),
      options: { sort: [{ field: 'username', order: 'desc' }] },
    },
    usernames: ['grace', 'ada'],
  },
  {
    what: 'several filters, all of which count',
    params: {
      advancedFilter: [
        { field: 'gender', operator: 'EQUAL', value: 'F' },
        { field: 'phone', operator: 'IS_NULL' },
        { field: 'username', operator: 'NOT_EQUAL', value: 'ada' },
      ],
    },
    usernames: ['grace'],
  },
  {
    what: 'NOT_CONTAINS and NOT_NULL',
    params: {
      advancedFilter: [
        { field: 'email', operator: 'NOT_CONTAINS', value: 'EXAMPLE.ORG' },
        { field: 'email', operator: 'NOT_NULL' },
        { field: 'externalId', operator: 'NOT_NULL' },
      ],
    },
    usernames: ['ada'],
  },
])('A list narrowed by $what holds those users and counts them.', async ({ params, usernames }) => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const { body } = await call('list-users', params)
  expect(body.data).toMatchObject({
    totalCount: usernames.length,
    list: usernames.map(username => ({ username })),
  })
})

test.each<{ what: string; params: Params; names: string }>([
  { what: 'page 0', params: toPage({ page: 0 }), names: 'options.pagination.page' },
  { what: 'limit 0', params: toPage({ limit: 0 }), names: 'options.pagination.limit' },
  { what: 'limit 51', params: toPage({ limit: 51 }), names: 'options.pagination.limit' },
  { what: 'limit 1.5', params: toPage({ limit: 1.5 }), names: 'options.pagination.limit' },
  {
    what: 'an unknown field to search',
    params: { options: { fuzzySearchOn: ['shoeSize'] } },
    names: 'options.fuzzySearchOn.0',
  },
  { what: 'a raw search query', params: { searchQuery: { match_all: {} } }, names: 'searchQuery' },
  {
    what: 'a field that cannot be filtered',
    params: filter('loginsCount', 'EQUAL', '1'),
    names: 'advancedFilter.0.field',
  },
  {
    what: 'an operator that is left out',
    params: filter('createdAt', 'BETWEEN', ['a', 'b']),
    names: 'advancedFilter.0.operator',
  },
])('A list with $what is refused with 400.', async ({ params, names }) => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const { body } = await call('list-users', params)
  expect(body).toMatchObject({ statusCode: 400, message: `参数 ${names} 格式错误` })
})

function filter(field: string, operator: string, value: string | string[]): Params {
  return { advancedFilter: [{ field, operator, value }] }
}

function toPage(pagination: Params): Params {
  return { options: { pagination } }
}
