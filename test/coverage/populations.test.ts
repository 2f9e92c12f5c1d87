import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Population } from '../../src/coverage/population.ts'
import { DEPARTMENTS } from '../../src/sandbox/departments.ts'
import { GROUPS } from '../../src/sandbox/groups.ts'
import type { SandboxUser } from '../../src/sandbox/user.ts'
import { listAllUsers } from '../sandbox/all-users.ts'
import { toExpectedRow, withoutTimes } from '../support/expected-rows.ts'
import { type ScanWorld, startScanWorld } from '../support/scan-world.ts'
import { EVERYBODY } from '../support/scans.ts'
import { useStores } from '../support/stores.ts'

const { newTarget } = await useStores()

const USERS = listAllUsers(200)
const QUARTER_MS = Date.UTC(2026, 6)
const ENGINEERING = '65d000000000000000000002'
const BELOW_ENGINEERING = ['02', '03', '04', '05'].map(end => `65d0000000000000000000${end}`)
const SECOND_APPLICATION = '62a500000000000000d15d58'

let world: ScanWorld
beforeAll(async () => {
  world = await startScanWorld(await newTarget('file'), { userCount: USERS.length })
})
afterAll(() => world[Symbol.asyncDispose]())

const isActive = ({ status }: SandboxUser) => status === 'Activated'
const isIn = (code: string) => (user: SandboxUser) =>
  GROUPS.some(group => group.code === code && group.has(user))
const signedInMs = ({ lastLogin }: SandboxUser) => Date.parse(lastLogin ?? '')
const department = (departmentId: string, includesChildren: boolean, organizationCode = 'example') => ({
  organizationCode,
  departmentId,
  includesChildren,
})
const isOf = (code: string) => {
  const ids = DEPARTMENTS.flatMap(one => (one.organizationCode === code ? [one.departmentId] : []))
  return (user: SandboxUser) => user.departmentIds.some(id => ids.includes(id))
}
const topOf = (code: string) => {
  const tops = DEPARTMENTS.filter(one => one.organizationCode === code && one.parentDepartmentId === null)
  return (user: SandboxUser) => tops.some(({ departmentId }) => user.departmentIds.includes(departmentId))
}

interface Case {
  readonly name: string
  readonly population: Partial<Population>
  readonly belongs: (user: SandboxUser) => boolean
  /** No row shows it, so a GenAuth that ignores it is believed. */
  readonly isUnseen?: true
}

const CASES: readonly Case[] = [
  { name: 'active users', population: {}, belongs: isActive },
  { name: 'users of every status', population: { statuses: [] }, belongs: () => true },
  {
    name: 'suspended users',
    population: { statuses: ['SUSPENDED'] },
    belongs: user => user.status === 'Suspended',
  },
  {
    name: 'users of statuses that GenAuth does not filter by',
    population: { statuses: ['RESIGNED', 'ARCHIVED', 'ACTIVATED'] },
    belongs: user => ['Resigned', 'Archived', 'Activated'].includes(user.status),
  },
  {
    name: 'a department',
    population: { departments: [department(ENGINEERING, false)] },
    belongs: user => isActive(user) && user.departmentIds.includes(ENGINEERING),
  },
  {
    name: 'a department with its children',
    population: { departments: [department(ENGINEERING, true)] },
    belongs: user => isActive(user) && user.departmentIds.some(id => BELOW_ENGINEERING.includes(id)),
  },
  {
    name: 'a whole organization',
    population: { departments: [department('root', true, 'partners')] },
    belongs: user => isActive(user) && isOf('partners')(user),
  },
  {
    name: 'the top of an organization',
    population: { departments: [department('root', false)] },
    belongs: user => isActive(user) && topOf('example')(user),
  },
  {
    name: 'two departments, one of them with its children',
    population: { departments: [department(ENGINEERING, true), department('root', false, 'partners')] },
    belongs: user =>
      isActive(user) &&
      (user.departmentIds.some(id => BELOW_ENGINEERING.includes(id)) || topOf('partners')(user)),
  },
  {
    name: 'an application',
    population: { signedInTo: [SECOND_APPLICATION] },
    belongs: user => isActive(user) && user.loggedInApps.includes(SECOND_APPLICATION),
    isUnseen: true,
  },
  {
    name: 'users who signed in lately',
    population: { lastSignInAfterMs: QUARTER_MS },
    belongs: user => isActive(user) && signedInMs(user) >= QUARTER_MS,
  },
  {
    name: 'users who have not signed in for long, without those who never did',
    population: { lastSignInBeforeMs: QUARTER_MS },
    belongs: user => isActive(user) && signedInMs(user) < QUARTER_MS,
  },
  {
    name: 'users who signed in in a department, in a time',
    population: {
      departments: [department(ENGINEERING, true)],
      lastSignInAfterMs: Date.UTC(2025, 0),
      lastSignInBeforeMs: QUARTER_MS,
    },
    belongs: user =>
      isActive(user) &&
      user.departmentIds.some(id => BELOW_ENGINEERING.includes(id)) &&
      signedInMs(user) >= Date.UTC(2025, 0) &&
      signedInMs(user) < QUARTER_MS,
  },
  {
    name: 'all but some users and a group',
    population: { exceptUserIds: ['65A000000000000000000001'], exceptGroups: ['contractors'] },
    belongs: user =>
      isActive(user) && user.userId !== '65a000000000000000000001' && !isIn('contractors')(user),
  },
]

async function scan(population: Partial<Population>) {
  const found = await world.scan({ depth: 'ACTIVITY', population: { ...EVERYBODY, ...population } })
  expect([found.run, found.scan.status, found.scan.isWhole]).toEqual(['ENDED', 'SUCCEEDED', true])
  return withoutTimes(found.rows)
}

const toRows = (belongs: (user: SandboxUser) => boolean) =>
  USERS.filter(belongs).map(user => toExpectedRow(user, 'ACTIVITY'))

describe('the population of', () => {
  it.each(CASES)('$name is read, and nobody else', async ({ population, belongs }) => {
    world.proxy.behave(() => null)
    const rows = await scan(population)
    expect(rows).toEqual(toRows(belongs))
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.length).toBeLessThanOrEqual(USERS.length)
  })

  it.each(CASES.filter(({ isUnseen }) => isUnseen !== true))(
    '$name is read, and nobody else, if GenAuth filters nothing',
    async ({ population, belongs }) => {
      world.proxy.behave(({ endpoint, params }) =>
        endpoint === 'list-users' ? { body: { ...params, advancedFilter: [] } } : null,
      )
      expect(await scan(population)).toEqual(toRows(belongs))
    },
  )

  it('some groups is read once, though their members are the same in part', async () => {
    world.proxy.behave(() => null)
    const groups = ['administrators', 'contractors', 'administrators', 'nobody']
    const rows = await scan({ groups, statuses: ['ACTIVATED', 'SUSPENDED'] })
    const expected = toRows(
      user =>
        (isIn('administrators')(user) || isIn('contractors')(user)) &&
        ['Activated', 'Suspended'].includes(user.status),
    )
    const byId = (a: { userId: string }, b: { userId: string }) => (a.userId < b.userId ? -1 : 1)
    expect(rows.toSorted(byId)).toEqual(expected)
    expect(rows.length).toBeGreaterThan(5)
  })

  it('groups without anybody is read, and empty', async () => {
    world.proxy.behave(() => null)
    expect(await scan({ groups: ['nobody'] })).toEqual([])
  })

  it('a department whose tree GenAuth cannot show is what GenAuth filters', async () => {
    world.proxy.behave(({ endpoint }) => (endpoint === 'get-all-departments' ? { statusCode: 500 } : null))
    const population = { departments: [department(ENGINEERING, true)] }
    const belongs = (user: SandboxUser) =>
      isActive(user) && user.departmentIds.some(id => BELOW_ENGINEERING.includes(id))
    expect(await scan(population)).toEqual(toRows(belongs))
  })

  it('users of whom GenAuth says neither status nor departments is what GenAuth filters', async () => {
    world.proxy.behave(({ endpoint }) =>
      endpoint === 'list-users'
        ? envelope => {
            for (const user of envelope.data.list) Object.assign(user, { status: null, departmentIds: null })
            return envelope
          }
        : null,
    )
    const rows = await scan({ departments: [department(ENGINEERING, false)] })
    const expected = toRows(user => isActive(user) && user.departmentIds.includes(ENGINEERING))
    expect(rows).toEqual(expected.map(row => ({ ...row, status: null, departmentIds: [] })))
  })

  it.each<[string, string, Partial<Population>]>([
    ['get-all-departments', 'department', { departments: [department(ENGINEERING, true)] }],
    ['list-group-members', 'group', { groups: ['contractors'] }],
    ['list-group-members', 'group that is left out', { exceptGroups: ['contractors'] }],
  ])('a %s of a %s that is gone fails', async (endpoint, _, population) => {
    world.proxy.behave(call => (call.endpoint === endpoint ? { statusCode: 404 } : null))
    const { run, scan } = await world.scan({ population: { ...EVERYBODY, ...population } })
    expect([run, scan.status, scan.failure, scan.isWhole]).toEqual([
      'ENDED',
      'FAILED',
      'POPULATION_GONE',
      false,
    ])
    expect(world.conclusions.at(-1)).toMatchObject({ status: 'FAILED', failure: 'POPULATION_GONE' })
  })
})
