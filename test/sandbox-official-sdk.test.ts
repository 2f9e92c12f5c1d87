import { ManagementClient } from 'authing-node-sdk'
import { expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../src/sandbox/sandbox.ts'
import { ADA, APPLICATION, GRACE, LILEI } from './sandbox/clients.ts'

/** Only this method's parameter is an enum, which the SDK does not export. */
type SetMfaStatusParameters = Parameters<ManagementClient['setUsersMfaStatus']>[0]
const USERNAME = 'username' as NonNullable<SetMfaStatusParameters['userIdType']>
type ListUsersParameters = Parameters<ManagementClient['listUsers']>[0]
type ListFilter = NonNullable<ListUsersParameters['advancedFilter']>[number]
type ListSort = NonNullable<NonNullable<ListUsersParameters['options']>['sort']>[number]

function createClient(sandbox: Sandbox, options: { accessKeySecret?: string; lang?: 'en-US' } = {}) {
  const { accessKeyId, accessKeySecret, url } = sandbox
  return new ManagementClient({ accessKeyId, accessKeySecret, host: url, ...options })
}

test('The official SDK writes an MFA status and reads back what it wrote.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const client = createClient(sandbox)
  const before = await client.getUserMfaStatus({ userId: ADA })
  expect(before).toMatchObject({ statusCode: 200, data: { mfaPhone: '13800000001', mfaEmail: null } })

  const set = await client.setUsersMfaStatus({
    userId: ADA,
    mfaTriggerData: {
      ...before.data,
      mfaEmail: 'ada@example.com',
      applicationMfa: [{ mfaPolicy: 'EMAIL', status: 1, sort: 0 }],
    },
  })
  expect(set).toMatchObject({ statusCode: 200, message: '', data: { success: true } })

  const after = await client.getUserMfaStatus({ userId: ADA, userIdType: 'user_id' })
  expect(after.data).toEqual({
    ...before.data,
    mfaToken: expect.any(String),
    mfaEmail: 'ada@example.com',
    applicationMfa: [{ mfaPolicy: 'EMAIL', status: 1, sort: 0 }],
  })
  expect(await client.getUserMfaInfo({ userId: ADA })).toMatchObject({
    statusCode: 200,
    data: {
      totpStatus: 'enabled',
      faceMfaStatus: 'disabled',
      smsMfaStatus: 'enabled',
      emailMfaStatus: 'enabled',
    },
  })
})

test('The official SDK writes for a user with a name in another script.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const client = createClient(sandbox)
  const set = await client.setUsersMfaStatus({
    userId: '李雷',
    userIdType: USERNAME,
    mfaTriggerData: { mfaToken: '令牌', nickname: '雷雷 😀', applicationMfa: [] },
  })
  expect(set).toMatchObject({ statusCode: 200 })
  const { data } = await client.getUserMfaStatus({ userId: '李雷', userIdType: 'username' })
  expect(data).toMatchObject({ nickname: '雷雷 😀', username: '李雷', applicationMfa: [] })
})

test.each([
  { userIdType: 'user_id', userId: ADA },
  { userIdType: 'phone', userId: '13800000001' },
  { userIdType: 'email', userId: 'ADA@example.com' },
  { userIdType: 'username', userId: 'ada' },
  { userIdType: 'external_id', userId: 'emp-0001' },
  { userIdType: 'identity', userId: '62f20932716fbcc10d966ee5:ou_ada' },
  { userIdType: 'sync_relation', userId: 'lark:ou_ada' },
  { userIdType: 'custom_field', userId: 'badge:B-0001' },
] as const)('The official SDK finds a user by $userIdType.', async ({ userIdType, userId }) => {
  await using sandbox = await startSandbox({ port: 0 })
  const answer = await createClient(sandbox).getUser({ userId, userIdType, withIdentities: true })
  expect(answer).toMatchObject({ statusCode: 200, data: { userId: ADA, identities: [{}, {}] } })
})

test('The official SDK gets 404 with apiCode 2004 for an unknown user, in its language.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const client = createClient(sandbox, { lang: 'en-US' })
  const expected = { statusCode: 404, apiCode: 2004, message: 'The user does not exist' }
  expect(await client.getUser({ userId: 'nobody' })).toMatchObject(expected)
  expect(await client.getUserMfaStatus({ userId: 'nobody' })).toMatchObject(expected)
  expect(await client.getUserMfaInfo({ userId: 'nobody' })).toMatchObject(expected)
  expect(await client.getMfaTriggerData({ appId: APPLICATION, userId: 'nobody' })).toMatchObject(expected)
  const mfaTriggerData = { mfaToken: 't', applicationMfa: [] }
  expect(await client.setUsersMfaStatus({ userId: 'nobody', mfaTriggerData })).toMatchObject(expected)
})

test('The official SDK fetches a batch, of one as of many.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const client = createClient(sandbox)
  const many = await client.getUserBatch({ userIds: [ADA, GRACE, LILEI, 'nobody'], withIdentities: true })
  expect(many.data.map(user => user.userId)).toEqual([LILEI, GRACE, ADA])
  const one = await client.getUserBatch({ userIds: ['李雷'], userIdType: 'username' })
  expect(one.data.map(user => user.userId)).toEqual([LILEI])
  const tooMany = await client.getUserBatch({ userIds: Array<string>(51).fill(ADA) })
  expect(tooMany).toMatchObject({ statusCode: 400 })
})

test('The official SDK lists users.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const client = createClient(sandbox)
  const page = await client.listUsers({ keywords: '李', options: { pagination: { page: 1, limit: 50 } } })
  expect(page).toMatchObject({ statusCode: 200, data: { totalCount: 1, list: [{ userId: LILEI }] } })
  const all = await client.listUsers({})
  expect(all.data.list).toHaveLength(10)
  const tooMany = await client.listUsers({ options: { pagination: { page: 1, limit: 51 } } })
  expect(tooMany).toMatchObject({ statusCode: 400 })
})

test('The official SDK filters and sorts a list, with enums that are words on the wire.', async () => {
  await using sandbox = await startSandbox({ port: 0, userCount: 500 })
  const client = createClient(sandbox)
  const advancedFilter: ListFilter[] = [
    { field: 'status', operator: 'EQUAL' as ListFilter['operator'], value: 'Activated' },
    { field: 'loggedInApps', operator: 'IN' as ListFilter['operator'], value: [APPLICATION] },
    {
      field: 'lastLogin',
      operator: 'BETWEEN' as ListFilter['operator'],
      value: [Date.UTC(2025, 0, 1), Date.UTC(2025, 6, 1)],
    },
  ]
  const sort: ListSort[] = [{ field: 'lastLogin' as ListSort['field'], order: 'desc' as ListSort['order'] }]
  const { statusCode, data } = await client.listUsers({
    advancedFilter,
    options: { sort, pagination: { page: 1, limit: 50 }, withDepartmentIds: true },
  })
  expect(statusCode).toBe(200)
  expect(data.totalCount).toBeGreaterThanOrEqual(data.list.length)
  const times = data.list.map(user => user.lastLogin ?? '')
  expect(times.length).toBeGreaterThan(5)
  expect(times).toEqual(times.toSorted().toReversed())
  expect(times.every(time => time > '2025-01-01' && time < '2025-07-02')).toBe(true)
  expect(data.list.every(user => user.status === 'Activated')).toBe(true)
})

test('The official SDK walks from organisations to departments to members, and filters by a department.', async () => {
  await using sandbox = await startSandbox({ port: 0, userCount: 500 })
  const client = createClient(sandbox, { lang: 'en-US' })
  const organizations = await client.listOrganizations({})
  expect(organizations).toMatchObject({ statusCode: 200, data: { totalCount: 2 } })
  const [{ organizationCode } = { organizationCode: '' }] = organizations.data.list
  const departments = await client.getAllDepartments({ organizationCode })
  const children = await client.listChildrenDepartments({ organizationCode, departmentId: 'root' })
  expect(departments.data.list).toEqual(expect.arrayContaining(children.data.list))
  const sales = children.data.list.find(department => department.hasChildren && department.code === 'sales')
  const selection = {
    organizationCode,
    departmentId: sales?.departmentId ?? '',
    departmentIdType: 'department_id',
    includeChildrenDepartments: true,
  } as const
  const members = await client.listDepartmentMembers({ ...selection, orderBy: 'Asc', limit: 50 })
  expect(members.statusCode).toBe(200)
  const filtered = await client.listUsers({
    advancedFilter: [{ field: 'department', operator: 'IN' as ListFilter['operator'], value: [selection] }],
    options: { pagination: { page: 1, limit: 50 } },
  })
  expect(filtered.data).toEqual(members.data)
  expect(filtered.data.totalCount).toBeGreaterThan(sales?.membersCount ?? 0)
  const [member] = filtered.data.list
  const own = await client.getUserDepartments({ userId: member?.userId ?? '', withDepartmentPaths: true })
  expect(own.statusCode).toBe(200)
  expect(own.data.list.some(one => one.departmentIdPath?.includes(selection.departmentId))).toBe(true)
  expect(await client.getAllDepartments({ organizationCode: 'another' })).toMatchObject({
    statusCode: 404,
    message: 'organization not found for code: another',
  })
})

test('The official SDK reads a group and pages through its members.', async () => {
  await using sandbox = await startSandbox({ port: 0, userCount: 500 })
  const client = createClient(sandbox)
  const group = await client.getGroup({ code: 'contractors' })
  expect(group).toMatchObject({ statusCode: 200, data: { code: 'contractors', type: 'static' } })
  const first = await client.listGroupMembers({ code: 'contractors' })
  expect(first).toMatchObject({ statusCode: 200, data: { list: { length: 10 } } })
  const whole = await client.listGroupMembers({ code: 'contractors', limit: 50, withDepartmentIds: true })
  expect(whole.data.totalCount).toBe(first.data.totalCount)
  expect(whole.data.list.slice(0, 10)).toMatchObject(first.data.list)
  expect(whole.data.list[1]?.departmentIds).toEqual(expect.any(Array))
  const groups = await client.listGroups({ keywords: 'contract' })
  expect(groups).toMatchObject({ statusCode: 200, data: { totalCount: 1, list: [group.data] } })
  const member = whole.data.list.at(-1)?.userId ?? ''
  expect((await client.getUserGroups({ userId: member })).data).toEqual(groups.data)
  expect(await client.listGroupMembers({ code: 'another' })).toMatchObject({ statusCode: 404 })
})

test('The official SDK lists applications, briefly and with their settings, and reads each.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const client = createClient(sandbox)
  const brief = await client.listApplicationSimpleInfo({})
  expect(brief).toMatchObject({ statusCode: 200, data: { totalCount: 3 } })
  const whole = await client.listApplications({ limit: 50 })
  expect(whole.data.list).toMatchObject(brief.data.list)
  expect(whole.data.list.map(application => application.customSecurityEnabled)).toEqual([true, true, false])
  const [first] = brief.data.list
  expect((await client.getApplicationSimpleInfo({ appId: APPLICATION })).data).toEqual(first)
  expect((await client.getApplication({ appId: APPLICATION })).data).toEqual(whole.data.list[0])
  const integrated = await client.listApplicationSimpleInfo({ isIntegrateApp: true, keywords: '工单' })
  expect(integrated.data.list).toEqual([brief.data.list[2]])
  expect(await client.getApplicationSimpleInfo({ appId: 'another' })).toMatchObject({
    statusCode: 404,
    apiCode: 2011,
  })
})

test('The official SDK lists functions of sign-ins, and the users who are treated better.', async () => {
  await using sandbox = await startSandbox({ port: 0, exemptUserIds: [ADA, GRACE] })
  const client = createClient(sandbox)
  const functions = await client.listPipelineFunctions({ scene: 'PRE_MFA_VERIFY' })
  expect(functions).toMatchObject({ statusCode: 200, data: { totalCount: 1, list: [{ enabled: false }] } })
  const exempt = await client.findUserList({ userListType: 'WHITE', page: 2, limit: 1 })
  expect(exempt).toMatchObject({ statusCode: 200, data: { totalCount: 2, list: [{ userId: GRACE }] } })
})

test('The official SDK reads the log of a user, and filters it.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const client = createClient(sandbox)
  sandbox.pool.verifyMfa(ADA, true, APPLICATION)
  const all = await client.getUserActionLogs({ userId: ADA })
  expect(all).toMatchObject({ statusCode: 200, data: { totalCount: 4 } })
  const [newest] = all.data.list
  expect(newest).toMatchObject({ userId: ADA, appId: APPLICATION, eventType: 'verifyMfa', success: true })
  expect(newest?.timestamp).toMatch(/\+0800$/)
  const before = await client.getUserActionLogs({
    userId: ADA,
    eventType: 'verifyMfa',
    end: Date.parse(newest?.timestamp ?? '') - 1,
    pagination: { page: 2, limit: 1 },
  })
  expect(before.data).toMatchObject({ totalCount: 2, list: [{ success: false }] })
})

test('The official SDK reads and changes the settings of the pool and of an application.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const client = createClient(sandbox)
  const added = await client.updateGlobalMfaSettings({ enabledFactors: ['FACE'] })
  expect(added.data.enabledFactors).toEqual(['SMS', 'OTP', 'EMAIL', 'FACE'])
  const closed = await client.closeGlobalMfaSettings({ disableFactors: ['SMS', 'OTP'] })
  expect(closed.data.enabledFactors).toEqual(['EMAIL', 'FACE'])
  expect((await client.getGlobalMfaSettings()).data.enabledFactors).toEqual(['EMAIL', 'FACE'])

  const application = await client.updateApplicationMfaSettings({
    appId: APPLICATION,
    disabledFactors: ['SMS'],
  })
  expect(application.data.enabledFactors).toEqual(['OTP'])
  const trigger = await client.getMfaTriggerData({ appId: APPLICATION, userId: ADA })
  expect(trigger).toMatchObject({
    statusCode: 200,
    data: { mfaToken: expect.any(String), applicationMfa: [{ mfaPolicy: 'OTP', status: 1, sort: 0 }] },
  })
})

test('The official SDK with a wrong secret gets 1300, and its clients do not mix hosts up.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  await using other = await startSandbox({ port: 0 })
  const wrong = createClient(other, { accessKeySecret: 'another' })
  const right = createClient(sandbox)
  expect(await wrong.getUser({ userId: ADA })).toMatchObject({ statusCode: 401, apiCode: 1300 })
  expect(await right.getUser({ userId: ADA })).toMatchObject({ statusCode: 200 })
})

test('The official SDK throws when it is throttled, since HTTP says 429.', async () => {
  await using sandbox = await startSandbox({ port: 0, maxRequestsPerSecond: 0 })
  await expect(createClient(sandbox).getUser({ userId: ADA })).rejects.toMatchObject({
    response: { status: 429, data: { statusCode: 429, message: expect.any(String) } },
  })
})
