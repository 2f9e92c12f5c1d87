import { afterAll, expect, test } from 'vitest'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import type { SandboxUser } from '../../src/sandbox/user.ts'
import { listAllUsers } from './all-users.ts'
import { APPLICATION, createTokenCaller, type Params } from './clients.ts'

const COUNT = 1200
const PAYROLL = '62a500000000000000d15d58'
const all = listAllUsers(COUNT)
const sandbox = await startSandbox({ port: 0, userCount: COUNT, maxRequestsPerSecond: 1e6 })
const call = await createTokenCaller(sandbox)
afterAll(() => sandbox.close())

interface Page {
  totalCount: number
  list: { userId: string; status: string; lastLogin: string | null; signedUp: string }[]
}

const getPage = async (params: Params) => (await call('list-users', params)).body.data as Page

async function listAll({ advancedFilter, sort, ...rest }: Params): Promise<string[]> {
  const userIds: string[] = []
  for (let page = 1; page <= COUNT / 50 + 1; page += 1) {
    const { totalCount, list } = await getPage({
      ...rest,
      advancedFilter,
      options: { pagination: { page, limit: 50 }, sort },
    })
    userIds.push(...list.map(user => user.userId))
    if (list.length < 50) {
      expect(userIds).toHaveLength(totalCount)
      return userIds
    }
  }
  throw new Error('there is no last page')
}

const from = Date.UTC(2025, 0, 1)
const until = Date.UTC(2025, 3, 1)
const at = (time: string | null) => Date.parse(time ?? '')

test.each<{ what: string; params: Params; isIn: (user: SandboxUser) => boolean }>([
  { what: 'no filter', params: {}, isIn: () => true },
  {
    what: 'the status of those who are active',
    params: filter('status', 'EQUAL', 'Activated'),
    isIn: user => user.status === 'Activated',
  },
  {
    what: 'two statuses',
    params: filter('status', 'IN', ['Activated', 'Suspended']),
    isIn: user => ['Activated', 'Suspended'].includes(user.status),
  },
  {
    what: 'any other status',
    params: filter('status', 'NOT_EQUAL', 'Activated'),
    isIn: user => user.status !== 'Activated',
  },
  {
    what: 'sign-ins between two times',
    params: filter('lastLogin', 'BETWEEN', [from, until]),
    isIn: user => at(user.lastLogin) >= from && at(user.lastLogin) <= until,
  },
  {
    what: 'sign-ins since a time',
    params: filter('lastLogin', 'GREATER', from),
    isIn: user => at(user.lastLogin) >= from,
  },
  {
    what: 'sign-ins until a time',
    params: filter('lastLogin', 'LESSER', until),
    isIn: user => at(user.lastLogin) <= until,
  },
  {
    what: 'no sign-in ever',
    params: filter('lastLogin', 'IS_NULL'),
    isIn: user => user.lastLogin === null,
  },
  {
    what: 'any sign-in',
    params: filter('lastLogin', 'NOT_NULL'),
    isIn: user => user.lastLogin !== null,
  },
  {
    what: 'one of two applications',
    params: filter('loggedInApps', 'IN', [PAYROLL, 'another']),
    isIn: user => user.loggedInApps.includes(PAYROLL),
  },
  {
    what: 'three filters, all of which count',
    params: {
      advancedFilter: [
        { field: 'status', operator: 'EQUAL', value: 'Activated' },
        { field: 'loggedInApps', operator: 'IN', value: [APPLICATION] },
        { field: 'lastLogin', operator: 'GREATER', value: from },
      ],
    },
    isIn: user =>
      user.status === 'Activated' && user.loggedInApps.includes(APPLICATION) && at(user.lastLogin) >= from,
  },
  {
    what: 'keywords',
    params: { keywords: 'hedy.CHEN' },
    isIn: user => user.username.includes('hedy.chen'),
  },
])('The pages of a list by $what hold exactly those users, in order.', async ({ params, isIn }) => {
  const expected = all.filter(isIn)
  expect(expected.length).toBeGreaterThan(0)
  expect(await listAll(params)).toEqual(expected.map(user => user.userId))
})

test('Windows of sign-up times hold everybody once, if their ends do not overlap.', async () => {
  const times = all.map(user => at(user.createdAt))
  const windows = [
    [0, times[400] ?? 0],
    [(times[400] ?? 0) + 1, times[800] ?? 0],
    [(times[800] ?? 0) + 1, Date.UTC(2030, 0, 1)],
  ]
  const found = []
  for (const window of windows) found.push(...(await listAll(filter('signedUp', 'BETWEEN', window))))
  expect(found).toEqual(all.map(user => user.userId))
})

test.each([
  { field: 'createdAt', order: 'asc' },
  { field: 'createdAt', order: 'desc' },
  { field: 'lastMfaTime', order: 'asc' },
  { field: 'lastLogin', order: 'desc' },
] as const)('A list sorted by $field $order has what is not set at its end.', async ({ field, order }) => {
  const byUserId = new Map(all.map(user => [user.userId, user]))
  const sorted = (await listAll({ sort: [{ field, order }] })).map(userId => byUserId.get(userId)?.[field])
  const set = sorted.filter(time => typeof time === 'string').toSorted()
  const expected = order === 'asc' ? set : set.toReversed()
  expect(sorted).toEqual([...expected, ...Array(COUNT - set.length).fill(null)])
})

test('A row says when the user signed up, signed in and passed a second factor last.', async () => {
  const ada = all[0]
  const never = all[63]
  const { list } = await getPage(filter('username', 'IN', [never?.username, ada?.username]))
  expect(list).toMatchObject([
    { signedUp: ada?.createdAt, lastLogin: ada?.lastLogin, status: 'Activated' },
    { signedUp: never?.createdAt, lastLogin: null, lastMfaTime: null },
  ])
})

test.each<{ what: string; params: Params; names: string }>([
  { what: 'a status without a filter', params: filter('status', 'EQUAL', 'Resigned'), names: 'status' },
  { what: 'a status that is none', params: filter('status', 'IN', ['Activated', 'active']), names: 'status' },
  {
    what: 'a part of a status',
    params: filter('status', 'CONTAINS', 'Act'),
    names: 'advancedFilter.0.operator',
  },
  {
    what: 'a time as text',
    params: filter('lastLogin', 'GREATER', '2025-01-01T00:00:00Z'),
    names: 'advancedFilter.0.value',
  },
  {
    what: 'the other name of a field',
    params: filter('lastLoginTime', 'GREATER', from),
    names: 'advancedFilter.0.field',
  },
  {
    what: 'one time where two belong',
    params: filter('lastLogin', 'BETWEEN', from),
    names: 'advancedFilter.0.value',
  },
  {
    what: 'two times where one belongs',
    params: filter('signedUp', 'LESSER', [from, until]),
    names: 'advancedFilter.0.value',
  },
  { what: 'no time', params: filter('signedUp', 'GREATER'), names: 'advancedFilter.0.value' },
  {
    what: 'a time where none belongs',
    params: filter('lastLogin', 'IS_NULL', from),
    names: 'advancedFilter.0.value',
  },
  {
    what: 'an application outside of a list',
    params: filter('loggedInApps', 'IN', PAYROLL),
    names: 'advancedFilter.0.value',
  },
  {
    what: 'a second filter that has a fault',
    params: {
      advancedFilter: [
        { field: 'status', operator: 'EQUAL', value: 'Activated' },
        { field: 'mfaStatus', operator: 'EQUAL', value: 'on' },
      ],
    },
    names: 'advancedFilter.1.field',
  },
  {
    what: 'a field that nothing can be sorted by',
    params: { options: { sort: [{ field: 'signedUp', order: 'asc' }] } },
    names: 'options.sort.0.field',
  },
  {
    what: 'the other name of an order',
    params: { options: { sort: [{ field: 'createdAt', direction: 'desc' }] } },
    names: 'options.sort.0',
  },
  {
    what: 'a department with a misspelt key',
    params: filter('department', 'IN', [
      { organizationCode: 'example', departmentId: 'root', includeChildren: true },
    ]),
    names: 'advancedFilter.0.value.0',
  },
  {
    what: 'a search in what no keyword is looked for in',
    params: { keywords: 'F', options: { fuzzySearchOn: ['gender'] } },
    names: 'options.fuzzySearchOn.0',
  },
])('A list with $what is refused with 400.', async ({ params, names }) => {
  const { body } = await call('list-users', params)
  expect(body).toMatchObject({ statusCode: 400, message: `参数 ${names} 格式错误` })
})

test.each([
  { statusCode: 400, message: '参数 options.pagination.page 格式错误' },
  { statusCode: 500, message: '服务器内部错误' },
] as const)('Beyond the last row of a window the reply is $statusCode', async ({ statusCode, message }) => {
  const listWindow = { rows: 500, statusCode }
  await using narrow = await startSandbox({ port: 0, userCount: COUNT, listWindow })
  const ask = await createTokenCaller(narrow)
  const toParams = (page: number) => ({ options: { pagination: { page, limit: 50 } } })
  const last = await ask('list-users', toParams(10))
  expect(last.body.data).toMatchObject({ totalCount: COUNT, list: { length: 50 } })
  const beyond = await ask('list-users', toParams(11))
  expect(beyond.httpStatus).toBe(200)
  expect(beyond.body).toMatchObject({ statusCode, message })
  const windowed = { ...toParams(1), ...filter('signedUp', 'GREATER', at(all[1000]?.createdAt ?? null)) }
  expect((await ask('list-users', windowed)).body).toMatchObject({ statusCode: 200 })
})

function filter(field: string, operator: string, value?: unknown): Params {
  return { advancedFilter: [{ field, operator, value }] }
}
