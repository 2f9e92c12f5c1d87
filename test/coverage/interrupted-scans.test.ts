import { describe, expect, it } from 'vitest'
import { toUserId } from '../../src/sandbox/user-id.ts'
import { listAllUsers } from '../sandbox/all-users.ts'
import { toExpectedRow, withoutTimes } from '../support/expected-rows.ts'
import { type ScanWorld, startScanWorld } from '../support/scan-world.ts'
import { useStores } from '../support/stores.ts'

const { newTarget } = await useStores()

const USERS = listAllUsers(170)
const ACTIVE = USERS.filter(({ status }) => status === 'Activated')
const ROWS = ACTIVE.map(user => toExpectedRow(user, 'BINDINGS'))
const PAGES = Math.ceil(ACTIVE.length / 50)
const READS = 'get-user-mfa-info'
const GONE_BY = toUserId(20)

const begin = async () => startScanWorld(await newTarget('file'), { userCount: USERS.length })

/** Calls back at the nth call of an endpoint. That call gets no answer until the world ends. */
function hangAt(world: ScanWorld, endpoint: string, nth: number, then: () => void): () => void {
  let release = () => {}
  const held = new Promise<null>(resolve => {
    release = () => resolve(null)
  })
  world.proxy.behave(call => {
    if (call.endpoint !== endpoint || call.nth !== nth) return null
    then()
    return held
  })
  return release
}

describe('a scan that is stopped', () => {
  it.each([
    { at: 'before the first page', endpoint: 'list-users', nth: 1, kept: 0 },
    { at: 'at a later page', endpoint: 'list-users', nth: 3, kept: 50 },
    { at: 'among the users of the first page', endpoint: READS, nth: 20, kept: 0 },
    { at: 'among the users of the second page', endpoint: READS, nth: 73, kept: 50 },
    { at: 'while it lists again', endpoint: 'list-users', nth: PAGES + 2, kept: ACTIVE.length },
    { at: 'at its last call', endpoint: 'get-global-mfa-settings', nth: 1, kept: ACTIVE.length },
  ])('$at waits for no answer, and goes on after its last page', async ({ endpoint, nth, kept }) => {
    await using world = await begin()
    const stop = new AbortController()
    const release = hangAt(world, endpoint, nth, () => stop.abort())
    const scanId = await world.create()
    expect(await world.run(scanId, stop.signal)).toBe('STOPPED')
    release()
    expect((await world.find(scanId)).scan).toMatchObject({ status: 'RUNNING', seen: kept })

    world.proxy.behave(() => null)
    expect(await world.run(scanId)).toBe('ENDED')
    const { scan, rows } = await world.find(scanId)
    expect([scan.status, scan.isWhole, scan.unreadable]).toEqual(['SUCCEEDED', true, 0])
    expect(withoutTimes(rows)).toEqual(ROWS)
    expect(world.proxy.counts[READS]).toBeLessThanOrEqual(ACTIVE.length + 150)
    expect(await world.run(scanId, stop.signal)).toBe('STOPPED')
  })

  it('is not whole if somebody left before it went on', async () => {
    await using world = await begin()
    const stop = new AbortController()
    hangAt(world, READS, 120, () => stop.abort())()
    const scanId = await world.create()
    await world.run(scanId, stop.signal)
    world.proxy.behave(() => null)
    world.sandbox.pool.remove(GONE_BY)
    world.sandbox.pool.add()
    expect(await world.run(scanId)).toBe('ENDED')
    expect((await world.find(scanId)).scan).toMatchObject({ status: 'SUCCEEDED', isWhole: false })
  })
})

describe('a scan that no longer belongs to its owner', () => {
  it.each([
    { endpoint: 'list-users', nth: 2 },
    { endpoint: READS, nth: 60 },
    { endpoint: 'list-users', nth: PAGES + 1 },
  ])('because it was cancelled stores nothing more, at $endpoint $nth', async ({ endpoint, nth }) => {
    await using world = await begin()
    const scanId = await world.create()
    let seen = -1
    world.proxy.behave(async call => {
      if (call.endpoint === endpoint && call.nth === nth) {
        const cancelled = await world.store.cancel(scanId, Date.now())
        seen = cancelled.kind === 'CANCELLED' ? cancelled.scan.seen : -1
      }
      return null
    })
    expect(await world.run(scanId)).toBe('FENCED')
    expect((await world.find(scanId)).scan).toMatchObject({ status: 'CANCELLED', isWhole: false, seen })
    expect(world.conclusions).toEqual([])
    expect(await world.run(scanId)).toBe('NOT_DUE')
  })

  it('because another took over changes nothing when it wakes up', async () => {
    await using world = await begin()
    const scanId = await world.create()
    let wake = () => {}
    const frozen = new Promise<void>(frozenAt => {
      wake = hangAt(world, READS, 60, frozenAt)
    })
    const first = world.run(scanId)
    await frozen
    expect(await world.run(scanId)).toBe('ENDED')
    const before = await world.find(scanId)
    wake()
    expect(await first).toBe('FENCED')
    expect(await world.find(scanId)).toEqual(before)
    expect(withoutTimes(before.rows)).toEqual(ROWS)
    expect(before.scan).toMatchObject({ isWhole: true, seen: ACTIVE.length, unreadable: 0 })
    expect(world.conclusions).toHaveLength(1)
  })

  it('waits for another one that runs', async () => {
    await using world = await begin()
    const [one, two] = [await world.create(), await world.create({ depth: 'FULL' })]
    let wake = () => {}
    const begun = new Promise<void>(resolve => {
      wake = hangAt(world, 'list-users', 1, resolve)
    })
    const first = world.run(one)
    await begun
    expect(await world.run(two)).toBe('ANOTHER_RUNS')
    wake()
    expect(await first).toBe('ENDED')
    expect(await world.run(two)).toBe('ENDED')
    expect(await world.run('nobody')).toBe('NOT_DUE')
  })
})
