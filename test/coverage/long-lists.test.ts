import { describe, expect, it } from 'vitest'
import type { Population } from '../../src/coverage/population.ts'
import { listAllUsers } from '../sandbox/all-users.ts'
import type { Json } from '../support/app.ts'
import { toExpectedRow, withoutTimes } from '../support/expected-rows.ts'
import type { PassingCall, ProxyFault } from '../support/fault-proxy.ts'
import { type ScanWorld, startScanWorld } from '../support/scan-world.ts'
import { EVERYBODY } from '../support/scans.ts'
import { useStores } from '../support/stores.ts'

const { newTarget } = await useStores()

const USERS = listAllUsers(330)
const MANY: Population = { ...EVERYBODY, statuses: [] }
/** GenAuth shows so many users of a list, as it may show 10,000 of a long one. */
const SHOWN = 150

type Behaviour = (call: PassingCall) => ProxyFault | null

async function scan(behaviour: Behaviour, population = MANY) {
  await using world = await startScanWorld(await newTarget('file'), { userCount: USERS.length })
  world.proxy.behave(behaviour)
  const found = await world.scan({ depth: 'ACTIVITY', population })
  return { ...found, calls: world.proxy.counts['list-users'] ?? 0 }
}

/** What becomes of pages beyond the ones that are shown. */
function beyond(fault: (call: PassingCall) => ProxyFault): Behaviour {
  return call =>
    call.endpoint === 'list-users' && call.params.options.pagination.page * 50 > SHOWN ? fault(call) : null
}

const isWindow = ({ endpoint, params }: PassingCall) =>
  endpoint === 'list-users' && (params.advancedFilter ?? []).some(({ field }: Json) => field === 'signedUp')

const emptied: ProxyFault = envelope => ({ ...envelope, data: { ...envelope.data, list: [] } })
const shortened: ProxyFault = envelope => ({
  ...envelope,
  data: { ...envelope.data, list: envelope.data.list.slice(0, 20) },
})

describe('a list of which GenAuth shows the first pages alone is read to its end if', () => {
  it.each<[string, Behaviour]>([
    ['it refuses the others', beyond(() => ({ statusCode: 400 }))],
    ['it fails at the others', beyond(() => ({ statusCode: 500 }))],
    ['it hangs up at the others', beyond(() => 'DROP')],
    ['the others are empty', beyond(() => emptied)],
    ['the others are short', beyond(() => shortened)],
    [
      'it shows fewer users on each page than it was asked for',
      call => (call.endpoint === 'list-users' ? shortened : null),
    ],
    [
      'it counts no more than it shows',
      call =>
        call.endpoint !== 'list-users'
          ? null
          : envelope => {
              envelope.data.totalCount = Math.min(envelope.data.totalCount, SHOWN)
              return envelope
            },
    ],
  ])('%s', async (name, behaviour) => {
    const { run, scan: ended, rows } = await scan(behaviour)
    expect([run, ended.status, ended.failure]).toEqual(['ENDED', 'SUCCEEDED', null])
    expect(withoutTimes(rows)).toEqual(USERS.map(user => toExpectedRow(user, 'ACTIVITY')))
    // A count that is wrong proves nothing.
    expect(ended.isWhole).toBe(!name.includes('counts no more'))
  })

  it('it also has users in each page whom the population leaves out', async () => {
    const { scan: ended, rows } = await scan(
      beyond(() => ({ statusCode: 400 })),
      { ...EVERYBODY, statuses: ['ACTIVATED', 'RESIGNED'] },
    )
    const expected = USERS.filter(({ status }) => status === 'Activated' || status === 'Resigned')
    expect(ended.isWhole).toBe(true)
    expect(withoutTimes(rows)).toEqual(expected.map(user => toExpectedRow(user, 'ACTIVITY')))
  })
})

describe('a long list of which somebody', () => {
  it.each<[string, (pool: ScanWorld['sandbox']['pool'], nth: number) => void]>([
    ['leaves', (pool, nth) => pool.remove(USERS[nth]?.userId ?? '')],
    ['comes', pool => void pool.add()],
  ])('%s is not whole, but does not fail, whenever that is', { tags: ['long'] }, async (_, move) => {
    await using world = await startScanWorld(await newTarget('file'), { userCount: 130 })
    const cut: Behaviour = ({ endpoint, params }) =>
      endpoint === 'list-users' && params.options.pagination.page > 1 ? { statusCode: 400 } : null
    /** @returns the number of lists */
    async function scanWhile(nth: number): Promise<number> {
      const before = world.proxy.counts['list-users'] ?? 0
      world.proxy.behave(call => {
        if (call.endpoint === 'list-users' && call.nth - before === nth) move(world.sandbox.pool, nth)
        return cut(call)
      })
      const { scan: ended } = await world.scan({ depth: 'ACTIVITY', population: MANY })
      expect([nth, ended.status, ended.isWhole]).toEqual([nth, 'SUCCEEDED', nth === 0])
      return (world.proxy.counts['list-users'] ?? 0) - before
    }
    const lists = await scanWhile(0)
    for (let nth = 2; nth <= lists; nth++) await scanWhile(nth)
  })
})

describe('a list that cannot be read to its end fails, with the users so far, if', () => {
  const refused = beyond(() => ({ statusCode: 400 }))
  it.each<[string, Behaviour]>([
    ['windows are refused', call => (isWindow(call) ? { statusCode: 400 } : refused(call))],
    ['windows fail', call => (isWindow(call) ? { statusCode: 500 } : refused(call))],
    [
      'windows are ignored',
      call => (isWindow(call) ? { body: { ...call.params, advancedFilter: [] } } : refused(call)),
    ],
    ['windows are empty', call => (isWindow(call) ? emptied : refused(call))],
    [
      'the order is another one',
      call => {
        if (call.endpoint !== 'list-users' || refused(call) !== null) return refused(call)
        const { options } = call.params
        return {
          body: { ...call.params, options: { ...options, sort: [{ field: 'createdAt', order: 'desc' }] } },
        }
      },
    ],
    [
      'it does not say when users came',
      call =>
        refused(call) ??
        (call.endpoint !== 'list-users'
          ? null
          : envelope => {
              for (const user of envelope.data.list) user.createdAt = null
              return envelope
            }),
    ],
    [
      'too many came at the same time',
      call =>
        refused(call) ??
        (call.endpoint !== 'list-users'
          ? null
          : envelope => {
              for (const user of envelope.data.list) user.createdAt = '2024-01-02T08:00:00.000Z'
              return envelope
            }),
    ],
    [
      'windows leave out users',
      call =>
        isWindow(call)
          ? envelope => {
              const list = envelope.data.list.filter((_: Json, n: number) => n % 7 !== 6)
              return { ...envelope, data: { totalCount: list.length, list } }
            }
          : refused(call),
    ],
  ])('%s', async (_, behaviour) => {
    const { run, scan: ended, rows, calls } = await scan(behaviour)
    expect([run, ended.status, ended.failure, ended.isWhole]).toEqual([
      'ENDED',
      'FAILED',
      'LIST_CUT_SHORT',
      false,
    ])
    expect(rows.length).toBe(ended.seen)
    expect(rows.length).toBeGreaterThanOrEqual(SHOWN)
    expect(rows.length).toBeLessThan(USERS.length)
    expect(ended.expected).toBe(USERS.length)
    expect(calls).toBeLessThan(30)
  })

  it('it is that of a group', async () => {
    const { scan: ended, rows } = await scan(
      ({ endpoint, params }) =>
        endpoint !== 'list-group-members'
          ? null
          : Number(params.page) > 1
            ? { statusCode: 400 }
            : envelope => ({ ...envelope, data: { ...envelope.data, totalCount: 60 } }),
      { ...MANY, groups: ['contractors'] },
    )
    expect([ended.status, ended.failure]).toEqual(['FAILED', 'LIST_CUT_SHORT'])
    expect(rows.length).toBeGreaterThan(0)
  })
})

describe('a list', () => {
  it('of full pages alone costs one page more each time', async () => {
    await using world = await startScanWorld(await newTarget('file'), { userCount: 100 })
    const { scan: ended } = await world.scan({ depth: 'ACTIVITY', population: MANY })
    expect([ended.isWhole, ended.seen, world.proxy.counts['list-users']]).toEqual([true, 100, 6])
  })

  it('that has the same page for each number comes to an end', async () => {
    const { scan: ended, calls } = await scan(({ endpoint, params }) => {
      if (endpoint !== 'list-users') return null
      const { options } = params
      return { body: { ...params, options: { ...options, pagination: { page: 1, limit: 50 } } } }
    })
    expect([ended.status, ended.failure, ended.seen]).toEqual(['FAILED', 'LIST_CUT_SHORT', 50])
    expect(calls).toBeLessThan(12)
  })
})
