import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { createSeeds } from '../../src/sandbox/seeds.ts'
import { toUserId } from '../../src/sandbox/user-id.ts'
import { Users } from '../../src/sandbox/users.ts'
import { copyUser, listAllUsers } from './all-users.ts'
import { ADA, createTokenCaller } from './clients.ts'

const COUNT = 2000
const all = listAllUsers(COUNT)
const further = all.slice(64)

test('More users leave the seeds as they are, and are the same every time.', () => {
  expect(all.slice(0, 64)).toEqual(createSeeds())
  const last = new Users(200_000).at(COUNT)
  expect(last && copyUser(last)).toEqual(all.at(-1))
  // Figures and stories are told of these users. Change the digest only if you mean to change them.
  expect(createHash('sha256').update(JSON.stringify(further)).digest('hex').slice(0, 16)).toBe(
    '45869da1350ddd0b',
  )
})

test('No two users share an identifier.', () => {
  for (const key of ['userId', 'username', 'email', 'externalId'] as const) {
    const values = all.map(user => user[key]).filter(value => value !== null)
    expect(new Set(values).size).toBe(values.length)
  }
  const phones = further.map(user => user.phone).filter(phone => phone !== null)
  expect(new Set(phones).size).toBe(phones.length)
  const seededPhones = new Set(createSeeds().map(user => user.phone))
  expect(phones.filter(phone => seededPhones.has(phone))).toEqual([])
})

test('Addresses are in domains for examples, and phones have as many digits as those of China.', () => {
  for (const { userId, email, phone } of further) {
    expect(userId).toMatch(/^65a[\da-f]{21}$/)
    expect(email ?? 'none@example.org').toMatch(/@example\.org$/)
    expect(phone ?? '13800000000').toMatch(/^13[89]\d{8}$/)
  }
})

test.each([
  { what: 'is active', least: 0.9, count: further.filter(user => user.status === 'Activated').length },
  { what: 'is suspended', least: 0.03, count: further.filter(user => user.status === 'Suspended').length },
  { what: 'has resigned', least: 0.003, count: further.filter(user => user.status === 'Resigned').length },
  { what: 'is archived', least: 0.003, count: further.filter(user => user.status === 'Archived').length },
  {
    what: 'is deactivated',
    least: 0.003,
    count: further.filter(user => user.status === 'Deactivated').length,
  },
  { what: 'has never signed in', least: 0.17, count: further.filter(user => user.lastLogin === null).length },
  { what: 'has nothing stored', least: 0.08, count: further.filter(user => user.mfa === undefined).length },
  { what: 'has a face bound', least: 0.02, count: further.filter(user => user.mfa?.faceMfaEnabled).length },
  {
    what: 'has a factor on and nothing bound',
    least: 0.1,
    count: further.filter(
      ({ mfa }) =>
        mfa?.applicationMfa.some(one => one.status === 1) &&
        mfa.mfaPhone === null &&
        mfa.mfaEmail === null &&
        !mfa.totpMfaEnabled &&
        !mfa.faceMfaEnabled,
    ).length,
  },
])('Of many users a share of $least or more $what', ({ least, count }) => {
  expect(count / further.length).toBeGreaterThanOrEqual(least)
})

test('Times of a user are in order, and none is in the future.', () => {
  for (const { createdAt, lastLogin, lastMfaTime } of further) {
    const times = [createdAt, lastMfaTime ?? createdAt, lastLogin ?? lastMfaTime ?? createdAt]
    expect(times).toEqual([...times].sort())
    expect(times.at(-1)?.localeCompare('2026-11-01')).toBe(-1)
  }
})

test.each([0, 2001, 1.5, Number.NaN])('Nobody has the place %d.', place => {
  expect(new Users(COUNT).at(place)).toBeUndefined()
})

test.each([63, 200_001, 64.5])('A sandbox of %d users does not start.', async userCount => {
  await expect(startSandbox({ port: 0, userCount })).rejects.toThrow('userCount must be a whole number')
})

test('A user beyond the seeds is found by every identifier, and keeps what is written.', async () => {
  await using sandbox = await startSandbox({ port: 0, userCount: COUNT })
  const call = await createTokenCaller(sandbox)
  const user = further.find(one => one.phone !== null && one.email !== null && one.externalId !== null)
  const identifiers = {
    user_id: user?.userId,
    phone: user?.phone,
    email: user?.email?.toUpperCase(),
    username: user?.username,
    external_id: user?.externalId,
    custom_field: `badge:${user?.customData['badge']}`,
  }
  for (const [userIdType, userId] of Object.entries(identifiers)) {
    const { body } = await call('get-user', { userId, userIdType })
    expect(body.data).toMatchObject({ userId: user?.userId })
  }
  const mfaTriggerData = { mfaToken: 't', mfaEmail: 'new@example.org', applicationMfa: [] }
  await call('set-mfa-status', { userId: user?.userId, mfaTriggerData })
  const { body } = await call('get-mfa-status', { userId: user?.userId })
  expect(body.data).toMatchObject({ mfaEmail: 'new@example.org', applicationMfa: [] })
  expect((await call('get-mfa-status', { userId: ADA })).body.data).toMatchObject({ mfaEmail: null })
})

test.each([
  { userIdType: 'user_id', userId: '65a0000000000000000007d1' },
  { userIdType: 'username', userId: 'nobody.2000' },
  { userIdType: 'external_id', userId: 'emp-2004' },
  { userIdType: 'external_id', userId: 'emp-02000' },
  { userIdType: 'phone', userId: '13700002000' },
])('Nobody among many users has the $userIdType $userId', async ({ userIdType, userId }) => {
  await using sandbox = await startSandbox({ port: 0, userCount: COUNT })
  const call = await createTokenCaller(sandbox)
  expect((await call('get-user', { userId, userIdType })).body).toMatchObject({ statusCode: 404 })
})

test('Users come, go and change while others page through a list.', async () => {
  await using sandbox = await startSandbox({ port: 0, userCount: 100 })
  const call = await createTokenCaller(sandbox)
  const getPage = async (page: number) => {
    const options = { pagination: { page, limit: 50 }, sort: [{ field: 'createdAt', order: 'asc' }] }
    const { body } = await call('list-users', { options })
    return body.data as { totalCount: number; list: { userId: string; status: string }[] }
  }
  const [, second] = [await getPage(1), await getPage(2)]
  const added = sandbox.pool.add()
  expect((await getPage(3)).list).toMatchObject([{ userId: added }])

  sandbox.pool.remove(ADA)
  sandbox.pool.setStatus(added, 'Suspended')
  const shifted = await getPage(2)
  // Nobody else went, and yet the first of page 2 is on page 1 now.
  expect(shifted.totalCount).toBe(100)
  expect(shifted.list[0]).toEqual(second?.list[1])
  expect(shifted.list.at(-1)).toMatchObject({ userId: added, status: 'Suspended' })
  expect((await call('get-user', { userId: ADA })).body).toMatchObject({ statusCode: 404, apiCode: 2004 })
  expect((await call('get-user', { userId: added })).body).toMatchObject({ statusCode: 200 })

  const suspended = { advancedFilter: [{ field: 'status', operator: 'EQUAL', value: 'Suspended' }] }
  const before = (await call('list-users', suspended)).body.data as { totalCount: number }
  sandbox.pool.setStatus(added, 'Activated')
  const after = (await call('list-users', suspended)).body.data as { totalCount: number }
  expect(after.totalCount).toBe(before.totalCount - 1)
  expect(() => sandbox.pool.remove(ADA)).toThrow('there is no such user')
})

test('Members who go are counted no more.', async () => {
  await using sandbox = await startSandbox({ port: 0, userCount: 100 })
  const call = await createTokenCaller(sandbox)
  const countResearch = async () => {
    const { body } = await call('get-all-departments', { organizationCode: 'example' })
    const { list } = body.data as { list: { code: string; membersCount: number }[] }
    return list.find(({ code }) => code === 'research')?.membersCount ?? 0
  }
  const before = await countResearch()
  sandbox.pool.remove(ADA)
  expect(await countResearch()).toBe(before - 1)
})

test('A user who signs in, or moves to another department, is listed so from then on.', async () => {
  await using sandbox = await startSandbox({ port: 0, userCount: 100 })
  const call = await createTokenCaller(sandbox)
  const userIds = [ADA, toUserId(100)]
  const support = { organizationCode: 'example', departmentId: 'support', departmentIdType: 'code' }
  const advancedFilter = [
    { field: 'department', operator: 'IN', value: [support] },
    { field: 'lastLogin', operator: 'GREATER', value: Date.UTC(2026, 10, 20) },
  ]
  const list = async () => {
    const { body } = await call('list-users', { advancedFilter, options: { withDepartmentIds: true } })
    return (body.data as { list: unknown[] }).list
  }
  expect(await list()).toEqual([])
  for (const userId of userIds) {
    sandbox.pool.setDepartments(userId, ['65d000000000000000000009'])
    sandbox.pool.setLastLogin(userId, '2026-11-20T08:00:00.000Z')
  }
  expect(await list()).toMatchObject(
    userIds.map(userId => ({ userId, mainDepartmentId: '65d000000000000000000009' })),
  )
  expect(sandbox.pool.find(ADA)).toMatchObject({ lastLogin: '2026-11-20T08:00:00.000Z' })
  sandbox.pool.setLastLogin(toUserId(100), null)
  expect(await list()).toMatchObject([{ userId: ADA }])
  expect(sandbox.pool.find('nobody')).toBeUndefined()
})
