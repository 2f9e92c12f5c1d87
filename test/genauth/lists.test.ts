import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { createDeadline } from '../../src/base/deadline.ts'
import type { UserListFilter } from '../../src/coverage/scan-upstream.ts'
import type { GenAuthClient } from '../../src/genauth/client.ts'
import { userPageData } from '../../src/genauth/endpoints/user-page.ts'
import { ownCallContext } from '../../src/mfa/call-context.ts'
import type { UpstreamResult } from '../../src/mfa/failure.ts'
import { type Sandbox, type SandboxRequest, startSandbox } from '../../src/sandbox/sandbox.ts'
import { createClient } from '../support/sandbox-client.ts'

const ANYBODY: UserListFilter = {
  departments: [],
  statuses: [],
  signedInTo: [],
  lastSignInAfterMs: null,
  lastSignInBeforeMs: null,
  signedUpFromMs: null,
}
const NOT_FOUND = { ok: false, failure: { kind: 'USER_NOT_FOUND' } }

let sandbox: Sandbox
let client: GenAuthClient
const requests: SandboxRequest[] = []
beforeAll(async () => {
  const onRequest = (request: SandboxRequest) => void requests.push(request)
  sandbox = await startSandbox({ port: 0, userCount: 400, onRequest })
  client = createClient(sandbox)
})
afterAll(async () => {
  await client.close()
  await sandbox.close()
})

const upstream = () => client.upstreamFor(ownCallContext(createDeadline(10_000, systemClock)))

function succeeded<T>(result: UpstreamResult<T>): T {
  if (!result.ok) throw new Error(result.failure.kind)
  return result.value
}

describe('a list of users', () => {
  const list = async (filter: Partial<UserListFilter>, page = 1) =>
    succeeded(await upstream().listUsers({ ...ANYBODY, ...filter }, page))

  it('has pages of 50, the oldest user first', async () => {
    const pages = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8, 9].map(page => list({}, page)))
    const users = pages.flatMap(page => page.users)
    expect(new Set(users.map(({ ids }) => ids.USER_ID)).size).toBe(400)
    expect(users.map(user => user.createdAtMs)).toEqual(
      users.map(user => user.createdAtMs).toSorted((a, b) => Number(a) - Number(b)),
    )
    expect(pages.map(page => [page.users.length, page.totalCount, page.unreadable])).toEqual(
      pages.map((_, n) => [n < 8 ? 50 : 0, 400, 0]),
    )
    expect(users[0]).toMatchObject({
      ids: { USER_ID: '65a000000000000000000001', EXTERNAL_ID: 'emp-0001', USERNAME: 'ada' },
      account: { name: 'Ada Lovelace', status: 'ACTIVATED' },
      departmentIds: ['65d000000000000000000001'],
      createdAtMs: expect.any(Number),
    })
  })

  it('holds those who fit each condition', async () => {
    const suspended = await list({ statuses: ['SUSPENDED'] })
    expect(new Set(suspended.users.map(({ account }) => account.status))).toEqual(new Set(['SUSPENDED']))
    expect((await list({ statuses: ['SUSPENDED', 'ACTIVATED'] })).totalCount).toBe(400)
    expect((await list({ statuses: ['RESIGNED'] })).totalCount).toBe(400)

    const root = { organizationCode: 'example', departmentId: 'root', includesChildren: false }
    const all = await list({ departments: [{ ...root, includesChildren: true }] })
    const top = await list({ departments: [root] })
    expect(top.totalCount).toBeGreaterThan(0)
    expect(all.totalCount).toBeGreaterThan(top.totalCount)

    const someMs = Date.UTC(2025, 6)
    const signedIn = await list({ lastSignInAfterMs: someMs })
    expect(signedIn.users.length).toBeGreaterThan(0)
    for (const { account } of signedIn.users) expect(Number(account.lastSignInAt)).toBeGreaterThan(someMs)
    const before = await list({ lastSignInBeforeMs: someMs })
    expect(before.users.length).toBeGreaterThan(0)
    for (const { account } of before.users) expect(Number(account.lastSignInAt)).toBeLessThan(someMs)
    const newMs = Date.UTC(2024, 2, 6, 0, 30)
    const late = await list({ signedUpFromMs: newMs })
    expect(late.users.length).toBeGreaterThan(0)
    expect(late.totalCount).toBeLessThan(400)
    for (const { createdAtMs } of late.users) expect(createdAtMs).toBeGreaterThanOrEqual(newMs)

    const used = await list({ signedInTo: ['62a500000000000000d15d58'] })
    expect(used.totalCount).toBeGreaterThan(0)
    expect(used.totalCount).toBeLessThan(400)
    expect((await list({ signedInTo: ['x'] })).totalCount).toBe(0)
  })

  it('is searched in five fields, and never by a national identity number', async () => {
    requests.length = 0
    const found = succeeded(await upstream().searchUsers('LOVELACE', 3))
    expect(found.users.map(({ account }) => account.name)).toContain('Ada Lovelace')
    expect(found.users.length).toBeLessThanOrEqual(3)
    expect(requests.at(-1)?.params).toEqual({
      keywords: 'LOVELACE',
      options: {
        pagination: { page: 1, limit: 3 },
        fuzzySearchOn: ['phone', 'email', 'name', 'username', 'nickname'],
      },
    })
  })

  it.each<[string, unknown, unknown]>([
    [
      'a record without an id',
      [{ name: 'x' }, { userId: 'u' }],
      { users: [{ ids: { USER_ID: 'u' } }], unreadable: 1 },
    ],
    ['a record that is no object', [7, null], { users: [], unreadable: 2 }],
    [
      'departments that were not given',
      [{ userId: 'u' }],
      { users: [{ departmentIds: null, createdAtMs: null }] },
    ],
    [
      'a department that is no text',
      [{ userId: 'u', departmentIds: [{}] }],
      { users: [{ departmentIds: null }] },
    ],
    ['no departments', [{ userId: 'u', departmentIds: [] }], { users: [{ departmentIds: [] }] }],
    ['a time that is none', [{ userId: 'u', createdAt: 'soon' }], { users: [{ createdAtMs: null }] }],
  ])('reads %s', (_, rows, expected) => {
    expect(userPageData.parse({ totalCount: 9, list: rows })).toMatchObject({
      totalCount: 9,
      ...Object(expected),
    })
  })

  it.each<[string, unknown]>([
    [
      'more users than were asked for',
      { totalCount: 51, list: Array.from({ length: 51 }, (_, n) => ({ userId: n })) },
    ],
    ['no count', { list: [] }],
    ['a count below zero', { totalCount: -1, list: [] }],
    ['no list', { totalCount: 0 }],
  ])('refuses %s', (_, data) => {
    expect(userPageData.safeParse(data).success).toBe(false)
  })
})

describe('other lists of GenAuth', () => {
  it('name the members of a group', async () => {
    const page = succeeded(await upstream().listGroupMembers('contractors', 1))
    expect(page.users.map(({ account }) => account.name)).toContain('Charles Babbage')
    expect(page.users[0]?.departmentIds).not.toBeNull()
    expect(await upstream().listGroupMembers('nowhere', 1)).toMatchObject(NOT_FOUND)
  })

  it('name the departments below one', async () => {
    const all = succeeded(await upstream().listDepartments('example', 'root'))
    expect(all).toHaveLength(9)
    const below = succeeded(await upstream().listDepartments('example', '65d000000000000000000003'))
    expect(below).toEqual([
      { departmentId: '65d000000000000000000004', parentDepartmentId: '65d000000000000000000003' },
    ])
    expect(await upstream().listDepartments('nowhere', 'root')).toMatchObject(NOT_FOUND)
    expect(await upstream().listDepartments('example', 'nowhere')).toMatchObject(NOT_FOUND)
  })

  it('name an application', async () => {
    const id = '62a500000000000000d15d57'
    expect(await upstream().findApplication(id)).toMatchObject({ ok: true, value: { id } })
    expect(await upstream().findApplication('x')).toMatchObject(NOT_FOUND)
  })
})
