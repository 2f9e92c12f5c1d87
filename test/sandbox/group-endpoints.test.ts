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
