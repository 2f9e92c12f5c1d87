import { afterAll, expect, test } from 'vitest'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { listAllUsers } from './all-users.ts'
import { ADA, createTokenCaller, KATHERINE, type Params } from './clients.ts'

const COUNT = 1200
const RESEARCH = '65d000000000000000000001'
const ENGINEERING = '65d000000000000000000002'
const TOP = '65d000000000000000000080'
const all = listAllUsers(COUNT)
const sandbox = await startSandbox({ port: 0, userCount: COUNT, maxRequestsPerSecond: 1e6 })
const call = await createTokenCaller(sandbox)
afterAll(() => sandbox.close())

interface Department {
  departmentId: string
  name: string
  parentDepartmentId: string
  parentDepartmentCode: string
  hasChildren: boolean
  membersCount: number
}
interface UserDepartment {
  departmentId: string
  isMainDepartment: boolean
}
interface Page<T> {
  totalCount: number
  list: T[]
}

const listDepartments = async (endpoint: string, params: Params) =>
  (await call(endpoint, params)).body.data as Page<Department>

test('There are two organisations, whose pages and counts are numbers.', async () => {
  const { body } = await call('list-organizations')
  expect(body.data).toMatchObject({
    totalCount: 2,
    list: [
      { organizationCode: 'example', departmentId: TOP, hasChildren: true, isVirtualNode: false },
      { organizationCode: 'partners', organizationName: 'Partners', hasChildren: true },
    ],
  })
  const second = await call('list-organizations', { page: 2, limit: 1 })
  expect(second.body.data).toMatchObject({ totalCount: 2, list: [{ organizationCode: 'partners' }] })
  const whole = await call('list-organizations', { page: 2, limit: 1, fetchAll: true })
  expect(whole.body.data).toMatchObject({ totalCount: 2, list: { length: 2 } })
})

test('All departments of an organisation come in one reply, each after the one above it.', async () => {
  const { totalCount, list } = await listDepartments('get-all-departments', { organizationCode: 'example' })
  expect(totalCount).toBe(list.length)
  expect(list.map(one => one.name)).toEqual([
    ...['Research', 'Engineering', 'Platform', 'Security', 'Product', 'Sales', 'Europe', '亚洲', 'Support'],
  ])
  const above = new Set([TOP])
  for (const { departmentId, parentDepartmentId, parentDepartmentCode } of list) {
    expect(above).toContain(parentDepartmentId)
    expect(parentDepartmentCode).not.toBe('')
    above.add(departmentId)
  }
})

test.each<{ what: string; params: Params; names: string[] }>([
  {
    what: 'the top',
    params: { departmentId: 'root' },
    names: ['Research', 'Engineering', 'Sales', 'Support'],
  },
  { what: 'an ID', params: { departmentId: ENGINEERING }, names: ['Platform', 'Product'] },
  {
    what: 'a code',
    params: { departmentId: 'platform', departmentIdType: 'code' },
    names: ['Security'],
  },
  {
    what: 'an open ID',
    params: { departmentId: 'od-6f3e', departmentIdType: 'open_department_id' },
    names: ['Europe', '亚洲'],
  },
  { what: 'a leaf', params: { departmentId: '65d000000000000000000001' }, names: [] },
])('The departments right below one are listed, named by $what', async ({ params, names }) => {
  const found = await listDepartments('list-children-departments', { organizationCode: 'example', ...params })
  expect(found.list.map(one => one.name)).toEqual(names)
  expect(found.totalCount).toBe(names.length)
})

test('A department counts its direct members.', async () => {
  const { list } = await listDepartments('get-all-departments', { organizationCode: 'example' })
  for (const { departmentId, membersCount } of list) {
    const members = all.filter(user => user.departmentIds.includes(departmentId))
    expect(membersCount).toBe(members.length)
    expect(members.length).toBeGreaterThan(0)
  }
})

test.each([
  { what: 'direct members', includes: false, order: 'Asc' },
  { what: 'members with those of all departments below', includes: true, order: 'Asc' },
  { what: 'members, the last first', includes: true, order: 'Desc' },
])('Two calls agree on $what', async ({ includes, order }) => {
  const below = includes ? [1, 2, 3, 4, 5].map(place => `65d${String(place).padStart(21, '0')}`).slice(1) : []
  const departmentIds = new Set([ENGINEERING, ...below])
  const upwards = all
    .filter(user => user.departmentIds.some(departmentId => departmentIds.has(departmentId)))
    .map(user => user.userId)
  const selection = {
    organizationCode: 'example',
    departmentId: ENGINEERING,
    includeChildrenDepartments: includes,
  }
  const members = await listAll(page =>
    call('list-department-members', { ...selection, ...page, orderBy: order }),
  )
  expect(members).toEqual(order === 'Asc' ? upwards : upwards.toReversed())
  const advancedFilter = [{ field: 'department', operator: 'IN', value: [selection] }]
  const filtered = await listAll(page =>
    call('list-users', { advancedFilter, options: { pagination: page } }),
  )
  expect(filtered).toEqual(upwards)
})

test('A filter takes several departments, and everybody in two of them once.', async () => {
  const departments = [
    { organizationCode: 'example', departmentId: 'root', includeChildrenDepartments: true },
    { organizationCode: 'partners', departmentId: 'root', departmentIdType: 'department_id' },
    { organizationCode: 'partners', departmentId: 'resellers', departmentIdType: 'code' },
  ]
  const consultants = '65d000000000000000000012'
  const expected = all.filter(user => user.departmentIds.some(departmentId => departmentId !== consultants))
  const advancedFilter = [{ field: 'department', operator: 'IN', value: departments }]
  const found = await listAll(page => call('list-users', { advancedFilter, options: { pagination: page } }))
  expect(found).toEqual(expected.map(user => user.userId))
})

test.each([
  { organizationCode: 'another', departmentId: 'root' },
  { organizationCode: 'partners', departmentId: ENGINEERING },
  { organizationCode: 'example', departmentId: 'nowhere' },
])(
  'A filter by a department that does not exist finds nobody: $organizationCode $departmentId',
  async value => {
    const advancedFilter = [{ field: 'department', operator: 'IN', value: [value] }]
    const { body } = await call('list-users', { advancedFilter })
    expect(body).toMatchObject({ statusCode: 200, data: { totalCount: 0, list: [] } })
  },
)

test('A row has its department IDs only if they were asked for.', async () => {
  const params = { organizationCode: 'example', departmentId: 'research', departmentIdType: 'code', limit: 1 }
  const { body } = await call('list-department-members', { ...params, orderBy: 'Asc' })
  expect(body.data).toMatchObject({ list: [{ userId: ADA }] })
  expect((body.data as Page<unknown>).list[0]).not.toHaveProperty('departmentIds')
  expect((body.data as Page<unknown>).list[0]).not.toHaveProperty('mainDepartmentId')
  const detailed = await call('list-department-members', {
    ...params,
    orderBy: 'Asc',
    withDepartmentIds: true,
  })
  expect(detailed.body.data).toMatchObject({
    list: [{ departmentIds: [RESEARCH], mainDepartmentId: RESEARCH }],
  })
})

test("A user's departments are those of the list, the main one first.", async () => {
  const inTwo = all.find(user => user.departmentIds.length > 1)
  const nowhere = all.find(user => user.departmentIds.length === 0)
  for (const user of [inTwo, nowhere]) {
    const { body } = await call('get-user-departments', { userId: user?.userId })
    const { totalCount, list } = body.data as Page<UserDepartment>
    expect(list.map(one => one.departmentId)).toEqual(user?.departmentIds)
    expect(totalCount).toBe(list.length)
    expect(list.map(one => one.isMainDepartment)).toEqual(list.map((_, index) => index === 0))
    const row = await call('get-user', { userId: user?.userId, withDepartmentIds: true })
    expect(row.body.data).toMatchObject({ mainDepartmentId: list[0]?.departmentId ?? null })
  }
})

test.each<{ what: string; params: Params; names: string[] }>([
  { what: 'as the user has them', params: {}, names: ['Security', 'Research'] },
  { what: 'by name', params: { sortBy: 'DepartmentName', orderBy: 'Asc' }, names: ['Research', 'Security'] },
  { what: 'by code downwards', params: { sortBy: 'DepartmemtCode' }, names: ['Security', 'Research'] },
  { what: 'on pages', params: { page: 2, limit: 1 }, names: ['Research'] },
])("Katherine's departments come $what", async ({ params, names }) => {
  const { body } = await call('get-user-departments', { userId: KATHERINE, ...params })
  expect(body.data).toMatchObject({ totalCount: 2, list: names.map(name => ({ name })) })
})

test('A department of a user has its path if it is asked for.', async () => {
  const { body } = await call('get-user-departments', { userId: 'katherine', userIdType: 'username' })
  expect((body.data as Page<UserDepartment>).list[0]).not.toHaveProperty('departmentIdPath')
  const withPaths = await call('get-user-departments', { userId: KATHERINE, withDepartmentPaths: true })
  expect(withPaths.body.data).toMatchObject({
    list: [
      {
        departmentNamePath: ['Example Ltd', 'Engineering', 'Platform', 'Security'],
        departmentIdPath: [TOP, ENGINEERING, expect.any(String), expect.any(String)],
        isRoot: false,
      },
      { departmentCodePath: ['example ltd', 'research'] },
    ],
  })
})

test('Departments of an unknown user are 404 with apiCode 2004.', async () => {
  const { body } = await call('get-user-departments', { userId: 'nobody' })
  expect(body).toMatchObject({ statusCode: 404, apiCode: 2004 })
})

const CALLS = ['get-all-departments', 'list-children-departments', 'list-department-members']

test.each(
  CALLS.flatMap(endpoint => [
    {
      endpoint,
      organizationCode: 'another',
      departmentId: 'root',
      message: /organization not found for code: another/,
    },
    { endpoint, organizationCode: '', departmentId: 'root', message: /organization not found for code: $/ },
    { endpoint, organizationCode: 'partners', departmentId: ENGINEERING, message: /部门不存在/ },
  ]),
)(
  '$endpoint: 404 in organisation "$organizationCode" for $departmentId',
  async ({ endpoint, message, ...params }) => {
    const { body } = await call(endpoint, params)
    expect(body).toMatchObject({ statusCode: 404, message: expect.stringMatching(message) })
  },
)

test.each<{ endpoint: string; params: Params; names: string }>([
  { endpoint: 'list-organizations', params: { page: 0 }, names: 'page' },
  { endpoint: 'list-organizations', params: { limit: 51 }, names: 'limit' },
  { endpoint: 'list-organizations', params: { limit: 0 }, names: 'limit' },
  { endpoint: 'list-organizations', params: { status: true }, names: 'status' },
  { endpoint: 'get-all-departments', params: {}, names: 'organizationCode' },
  { endpoint: 'list-children-departments', params: { organizationCode: 'example' }, names: 'departmentId' },
  {
    endpoint: 'list-children-departments',
    params: { organizationCode: 'example', departmentId: 'root', onlyVirtualNode: true },
    names: 'onlyVirtualNode',
  },
  {
    endpoint: 'list-department-members',
    params: { organizationCode: 'example', departmentId: 'root', limit: 220 },
    names: 'limit',
  },
  {
    endpoint: 'list-department-members',
    params: { organizationCode: 'example', departmentId: 'root', departmentIdType: 'sync_relation' },
    names: 'departmentIdType',
  },
  { endpoint: 'get-user-departments', params: { userId: ADA, limit: 51 }, names: 'limit' },
  { endpoint: 'get-user-departments', params: { userId: ADA, sortBy: 'DepartmentCode' }, names: 'sortBy' },
])('$endpoint refuses $params with 400.', async ({ endpoint, params, names }) => {
  const { body } = await call(endpoint, params)
  expect(body).toMatchObject({ statusCode: 400, message: `参数 ${names} 格式错误` })
})

async function listAll(ask: (page: Params) => ReturnType<typeof call>): Promise<string[]> {
  const userIds: string[] = []
  for (let page = 1; page <= COUNT / 50 + 1; page += 1) {
    const { totalCount, list } = (await ask({ page, limit: 50 })).body.data as Page<{ userId: string }>
    userIds.push(...list.map(user => user.userId))
    if (list.length < 50) {
      expect(userIds).toHaveLength(totalCount)
      return userIds
    }
  }
  throw new Error('there is no last page')
}
