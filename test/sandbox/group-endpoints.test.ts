import { afterAll, expect, test } from 'vitest'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { ADA, ALAN, CHARLES, createTokenCaller, GRACE, type Params } from './clients.ts'

const COUNT = 1200
const sandbox = await startSandbox({ port: 0, userCount: COUNT, maxRequestsPerSecond: 1e6 })
const call = await createTokenCaller(sandbox)
afterAll(() => sandbox.close())

interface Page {
  totalCount: number
  list: { userId: string }[]
}

async function listMembers(code: string): Promise<string[]> {
  const userIds: string[] = []
  for (let page = 1; page <= COUNT / 50 + 1; page += 1) {
    const { totalCount, list } = (await call('list-group-members', { code, page, limit: 50 })).body
      .data as Page
    userIds.push(...list.map(user => user.userId))
    if (list.length < 50) {
      expect(userIds).toHaveLength(totalCount)
      return userIds
    }
  }
  throw new Error('there is no last page')
}

test.each([
  { code: 'administrators', first: [ADA, GRACE], least: 10, most: 50 },
  { code: 'contractors', first: [CHARLES], least: 70, most: 200 },
  { code: 'break-glass', first: [ALAN], least: 1, most: 1 },
  { code: 'nobody', first: [], least: 0, most: 0 },
])('The pages of group $code hold each member once.', async ({ code, first, least, most }) => {
  const members = await listMembers(code)
  expect(members.slice(0, first.length)).toEqual(first)
  expect(members.length).toBeGreaterThanOrEqual(least)
  expect(members.length).toBeLessThanOrEqual(most)
  expect(new Set(members).size).toBe(members.length)
  // The same at every call.
  expect(await listMembers(code)).toEqual(members)
})

test('A group is shown without its members.', async () => {
  const { body } = await call('get-group', { code: 'contractors' })
  expect(body.data).toMatchObject({ code: 'contractors', name: 'Contractors', members: [] })
})

test.each<{ what: string; params: Params; codes: string[]; totalCount: number }>([
  {
    what: 'all',
    params: {},
    codes: ['administrators', 'contractors', 'break-glass', 'nobody'],
    totalCount: 4,
  },
  { what: 'a page', params: { page: 2, limit: 3 }, codes: ['nobody'], totalCount: 4 },
  { what: 'a page behind the last', params: { page: 3, limit: 3 }, codes: [], totalCount: 4 },
  { what: 'a part of a code', params: { keywords: 'BREAK-' }, codes: ['break-glass'], totalCount: 1 },
  { what: 'a part of a name', params: { keywords: 'body yet' }, codes: ['nobody'], totalCount: 1 },
  { what: 'no match', params: { keywords: 'payroll' }, codes: [], totalCount: 0 },
])('The list of groups holds $what.', async ({ params, codes, totalCount }) => {
  const { body } = await call('list-groups', params)
  const { list, ...rest } = body.data as { totalCount: number; list: { code: string; members: unknown }[] }
  expect(list.map(({ code }) => code)).toEqual(codes)
  expect(rest).toEqual({ totalCount })
  expect(list.every(({ members }) => Array.isArray(members) && members.length === 0)).toBe(true)
})

test("A user's groups are those whose members they are.", async () => {
  const members = new Map<string, string[]>()
  for (const code of ['administrators', 'contractors', 'break-glass', 'nobody']) {
    members.set(code, await listMembers(code))
  }
  const asked = [ADA, CHARLES, ALAN, ...(members.get('contractors') ?? []).slice(1, 4)]
  for (const userId of asked) {
    const { body } = await call('get-user-groups', { userId })
    const { totalCount, list } = body.data as { totalCount: number; list: { code: string }[] }
    const codes = [...members].filter(([, ids]) => ids.includes(userId)).map(([code]) => code)
    expect(list.map(({ code }) => code)).toEqual(codes)
    expect(totalCount).toBe(codes.length)
  }
  const byName = await call('get-user-groups', { userId: 'alan', userIdType: 'username' })
  expect(byName.body.data).toMatchObject({ list: [{ code: 'break-glass', members: [] }] })
})

test.each(['get-group', 'list-group-members'])('%s: an unknown group is 404.', async endpoint => {
  expect((await call(endpoint, { code: 'another' })).body).toMatchObject({
    statusCode: 404,
    message: '分组不存在',
  })
})

test.each<{ params: Params; names: string }>([
  { params: {}, names: 'code' },
  { params: { code: '' }, names: 'code' },
  { params: { code: 'nobody', page: 0 }, names: 'page' },
  { params: { code: 'nobody', limit: 51 }, names: 'limit' },
  { params: { code: 'nobody', limit: 'ten' }, names: 'limit' },
])('Members of $params are refused with 400.', async ({ params, names }) => {
  const { body } = await call('list-group-members', params)
  expect(body).toMatchObject({ statusCode: 400, message: `参数 ${names} 格式错误` })
})

test('Groups of an unknown user are 404 with apiCode 2004, and a large page of groups is 400.', async () => {
  const unknown = await call('get-user-groups', { userId: 'nobody' })
  expect(unknown.body).toMatchObject({ statusCode: 404, apiCode: 2004 })
  const large = await call('list-groups', { limit: 51 })
  expect(large.body).toMatchObject({ statusCode: 400, message: '参数 limit 格式错误' })
})
