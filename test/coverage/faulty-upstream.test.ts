import { describe, expect, it } from 'vitest'
import type { ScanDepth } from '../../src/coverage/scan.ts'
import { toUserId } from '../../src/sandbox/user-id.ts'
import { listAllUsers } from '../sandbox/all-users.ts'
import { toExpectedRow, withoutTimes } from '../support/expected-rows.ts'
import type { FaultProxy, PassingCall, ProxyFault } from '../support/fault-proxy.ts'
import { type ScanWorld, startScanWorld } from '../support/scan-world.ts'
import { EVERYBODY } from '../support/scans.ts'
import { useStores } from '../support/stores.ts'

const { newTarget } = await useStores()

const USERS = listAllUsers(170)
const ACTIVE = USERS.filter(({ status }) => status === 'Activated')
const ROWS = ACTIVE.map(user => toExpectedRow(user, 'BINDINGS'))
const READS = 'get-user-mfa-info'

type Behaviour = (call: PassingCall) => ProxyFault | null

async function begin(): Promise<ScanWorld> {
  return startScanWorld(await newTarget('file'), { userCount: USERS.length })
}

/** How often each user was read. */
function countReads(proxy: FaultProxy, behaviour: Behaviour): Map<string, number> {
  const reads = new Map<string, number>()
  proxy.behave(call => {
    const fault = behaviour(call)
    if (call.endpoint === READS && fault === null) {
      reads.set(call.params.userId, (reads.get(call.params.userId) ?? 0) + 1)
    }
    return fault
  })
  return reads
}

describe('a scan pauses and goes on if GenAuth', () => {
  it.each<[string, (isDown: () => boolean) => Behaviour]>([
    ['cannot be reached', isDown => () => (isDown() ? 'DROP' : null)],
    ['fails at everything', isDown => () => (isDown() ? { statusCode: 500 } : null)],
    ['refuses the key of this server', isDown => () => (isDown() ? { statusCode: 401 } : null)],
    [
      'fails at the reads of users alone',
      isDown => call => (isDown() && call.endpoint === READS ? { statusCode: 503 } : null),
    ],
    [
      'fails at lists alone',
      isDown => call => (isDown() && call.endpoint === 'list-users' ? { statusCode: 502 } : null),
    ],
    [
      'has too many requests',
      isDown => call => (isDown() && call.endpoint === READS ? { statusCode: 429 } : null),
    ],
  ])('%s', { tags: ['long'] }, async (name, toBehaviour) => {
    await using world = await begin()
    for (const nth of [1, 70, 100]) {
      let isDown = false
      let begun = 0
      const reads = countReads(world.proxy, call => {
        if (call.endpoint === READS && ++begun === nth) isDown = true
        return toBehaviour(() => isDown)(call)
      })
      const scanId = await world.create()
      expect([nth, await world.run(scanId)]).toEqual([nth, 'PAUSED'])
      expect((await world.find(scanId)).scan).toMatchObject({ status: 'PAUSED', unreadable: 0 })
      expect(await world.run(scanId)).toBe('PAUSED')

      isDown = false
      begun = 1_000
      // The circuit breaker may let nothing pass for a while.
      await expect.poll(() => world.run(scanId), { timeout: 20_000, interval: 500 }).toBe('ENDED')
      const { scan, rows } = await world.find(scanId)
      expect([name, scan.status, scan.isWhole, scan.unreadable]).toEqual([name, 'SUCCEEDED', true, 0])
      expect(withoutTimes(rows)).toEqual(ROWS)
      const twice = [...reads.values()].filter(count => count > 1)
      expect(twice.length).toBeLessThanOrEqual(50)
      expect(Math.max(...twice, 0)).toBeLessThanOrEqual(3)
    }
  })
})

describe('a user about whom GenAuth does not answer', () => {
  const BROKEN = [3, 4, 90].map(toUserId)
  const isBroken = ({ params }: PassingCall) => BROKEN.includes(params.userId)

  it.each<[string, ScanDepth, Behaviour]>([
    ['by a failure', 'BINDINGS', call => (isBroken(call) ? { statusCode: 500 } : null)],
    ['by hanging up', 'BINDINGS', call => (isBroken(call) ? 'DROP' : null)],
    ['but refuses', 'BINDINGS', call => (isBroken(call) ? { statusCode: 400 } : null)],
    ['but forbids it', 'BINDINGS', call => (isBroken(call) ? { statusCode: 403 } : null)],
    ['but answers nonsense', 'BINDINGS', call => (isBroken(call) ? { statusCode: 200, data: [] } : null)],
    [
      'in full',
      'FULL',
      call => (isBroken(call) && call.endpoint === 'get-mfa-status' ? { statusCode: 500 } : null),
    ],
    ['in full, at all', 'FULL', call => (isBroken(call) ? { statusCode: 422 } : null)],
  ])('%s has a row that says so', async (name, depth, behaviour) => {
    await using world = await begin()
    world.proxy.behave(behaviour)
    const { run, scan, rows } = await world.scan({ depth })
    expect([run, scan.status, scan.isWhole]).toEqual(['ENDED', 'SUCCEEDED', false])
    expect([scan.seen, scan.unreadable]).toEqual([ACTIVE.length, BROKEN.length])
    const unread = name === 'in full' ? {} : { bindings: null }
    expect(withoutTimes(rows)).toEqual(
      ACTIVE.map(user => ({
        ...toExpectedRow(user, depth),
        ...(BROKEN.includes(user.userId) ? { ...unread, enabledFactors: null, posture: null } : {}),
      })),
    )
  })

  it('is no reason to wait, be it the only one of the population', async () => {
    await using world = await begin()
    const [broken = '', ...others] = ACTIVE.map(({ userId }) => userId)
    world.proxy.behave(({ params }) => (params.userId === broken ? { statusCode: 500 } : null))
    const { run, scan, rows } = await world.scan({ population: { ...EVERYBODY, exceptUserIds: others } })
    expect([run, scan.status, scan.unreadable, rows.length]).toEqual(['ENDED', 'SUCCEEDED', 1, 1])
  })

  it('is no reason to wait, be they many in a row', async () => {
    await using world = await begin()
    const broken = ACTIVE.slice(110, 119).map(({ userId }) => userId)
    world.proxy.behave(({ params }) => (broken.includes(params.userId) ? { statusCode: 500 } : null))
    const { run, scan, rows } = await world.scan()
    expect([run, scan.unreadable, rows.length]).toEqual(['ENDED', broken.length, ACTIVE.length])
    expect(rows.filter(({ bindings }) => bindings === null).map(({ userId }) => userId)).toEqual(broken)
  })

  it('in the list itself is counted, and the scan is not whole', async () => {
    await using world = await begin()
    world.proxy.behave(({ endpoint, params }) =>
      endpoint === 'list-users' && params.options.pagination.page === 1
        ? envelope => {
            envelope.data.list[7] = { userId: null }
            return envelope
          }
        : null,
    )
    const { scan, rows } = await world.scan()
    expect([scan.status, scan.isWhole, scan.unreadable]).toEqual(['SUCCEEDED', false, 1])
    expect(rows.length).toBe(ACTIVE.length - 1)
  })

  it('at first is asked about again', async () => {
    await using world = await begin()
    const failed = new Set<string>()
    world.proxy.behave(({ endpoint, params, nth }) => {
      if (nth % 4 !== 0 || failed.has(`${endpoint} ${params.userId}`)) return null
      failed.add(`${endpoint} ${params.userId}`)
      return { statusCode: 500 }
    })
    const { scan, rows } = await world.scan()
    expect([scan.status, scan.isWhole, scan.unreadable]).toEqual(['SUCCEEDED', true, 0])
    expect(withoutTimes(rows)).toEqual(ROWS)
  })
})

describe('a scan fails', () => {
  it.each<[string, Behaviour, string]>([
    [
      'the plan does not include lists',
      call => (call.endpoint === 'list-users' ? { statusCode: 402 } : null),
      'PLAN_REQUIRED',
    ],
    [
      'lists are forbidden',
      call => (call.endpoint === 'list-users' ? { statusCode: 403 } : null),
      'UPSTREAM_FORBIDDEN',
    ],
    [
      'lists are refused',
      call => (call.endpoint === 'list-users' ? { statusCode: 422 } : null),
      'OPERATION_REFUSED',
    ],
    [
      'the plan does not include reads',
      call => (call.endpoint === READS ? { statusCode: 402 } : null),
      'PLAN_REQUIRED',
    ],
    [
      'reads are forbidden',
      call => (call.endpoint === READS ? { statusCode: 403 } : null),
      'UPSTREAM_FORBIDDEN',
    ],
  ])('if %s', async (_, behaviour, failure) => {
    await using world = await begin()
    world.proxy.behave(behaviour)
    const { run, scan, rows } = await world.scan()
    expect([run, scan.status, scan.failure, scan.isWhole]).toEqual(['ENDED', 'FAILED', failure, false])
    expect(rows).toEqual([])
    expect((await world.store.summary(scan.id))?.poolFactors).toBeNull()
  })

  it('not, if only the factors of the pool cannot be read', async () => {
    await using world = await begin()
    world.proxy.behave(({ endpoint }) =>
      endpoint === 'get-global-mfa-settings' ? { statusCode: 403 } : null,
    )
    const { scan } = await world.scan()
    expect([scan.status, scan.isWhole]).toEqual(['SUCCEEDED', true])
    expect((await world.store.summary(scan.id))?.poolFactors).toBeNull()
  })
})
