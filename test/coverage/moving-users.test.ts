import { describe, expect, it } from 'vitest'
import type { Population } from '../../src/coverage/population.ts'
import { toUserId } from '../../src/sandbox/user-id.ts'
import { listAllUsers } from '../sandbox/all-users.ts'
import { toExpectedRow, withoutTimes } from '../support/expected-rows.ts'
import { type ScanWorld, startScanWorld } from '../support/scan-world.ts'
import { EVERYBODY } from '../support/scans.ts'
import { useStores } from '../support/stores.ts'

const { newTarget } = await useStores()

const USERS = listAllUsers(180)
/** All are active. */
const [FIRST, SECOND, LAST] = [1, 60, 170].map(toUserId)
const MANY: Population = { ...EVERYBODY, statuses: [] }

type Pool = ScanWorld['sandbox']['pool']

interface Move {
  readonly name: string
  /** The calls to this endpoint before the move. */
  readonly after: readonly [endpoint: string, nth: number]
  readonly move: (pool: Pool) => void
  /** Somebody who has no row. */
  readonly missing?: string
}

const at = (userId: string | undefined) => userId ?? ''

/** The list has four pages, the second list begins with its fifth call. */
const MOVES: readonly Move[] = [
  {
    name: 'a user of a page that was read leaves',
    after: ['list-users', 2],
    move: pool => pool.remove(at(FIRST)),
  },
  {
    name: 'one leaves and another comes',
    after: ['list-users', 2],
    move: pool => {
      pool.remove(at(FIRST))
      pool.add()
    },
  },
  { name: 'a user comes', after: ['list-users', 1], move: pool => void pool.add() },
  {
    name: 'a user leaves before the page is read',
    after: ['list-users', 1],
    move: pool => pool.remove(at(LAST)),
    missing: at(LAST),
  },
  {
    name: 'a user who was listed leaves before being read',
    after: ['get-user-mfa-info', 150],
    move: pool => pool.remove(at(LAST)),
    missing: at(LAST),
  },
  {
    name: 'a user leaves after all were read',
    after: ['list-users', 5],
    move: pool => pool.remove(at(LAST)),
  },
  { name: 'a user comes after all were read', after: ['list-users', 5], move: pool => void pool.add() },
  {
    name: 'users leave and come while it lists again',
    after: ['list-users', 6],
    move: pool => {
      pool.remove(at(FIRST))
      pool.add()
    },
  },
]

async function scanWhile({ after: [endpoint, nth], move }: Move, population = MANY) {
  await using world = await startScanWorld(await newTarget('file'), { userCount: USERS.length })
  world.proxy.behave(call => {
    if (call.endpoint === endpoint && call.nth === nth + 1) move(world.sandbox.pool)
    return null
  })
  const found = await world.scan({ population })
  expect(found.run).toBe('ENDED')
  return { ...found, calls: world.proxy.counts }
}

describe('a scan is not whole if', () => {
  it.each(MOVES)('$name', async wish => {
    const { scan, rows } = await scanWhile(wish)
    expect([scan.status, scan.isWhole, scan.unreadable]).toEqual(['SUCCEEDED', false, 0])
    const ids = rows.map(({ userId }) => userId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.includes(at(wish.missing))).toBe(false)
    const byId = new Map(listAllUsers(USERS.length + 1).map(user => [user.userId, user]))
    expect(withoutTimes(rows)).toEqual(
      ids.flatMap(id => byId.get(id) ?? []).map(user => toExpectedRow(user, 'BINDINGS')),
    )
    expect(rows.length).toBeGreaterThanOrEqual(USERS.length - 2)
  })

  it('somebody is suspended and so leaves the population', async () => {
    const suspend: Move = {
      name: '',
      after: ['list-users', 2],
      move: pool => pool.setStatus(at(FIRST), 'Suspended'),
    }
    const active = await scanWhile(suspend, EVERYBODY)
    expect([active.scan.status, active.scan.isWhole]).toEqual(['SUCCEEDED', false])
    const resigned = await scanWhile(suspend, { ...EVERYBODY, statuses: ['ACTIVATED', 'RESIGNED'] })
    expect(resigned.scan.isWhole).toBe(false)
  })
})

describe('a scan is whole', () => {
  it('if a user changes and stays', async () => {
    const { scan, rows } = await scanWhile({
      name: '',
      after: ['list-users', 2],
      move: pool => pool.setStatus(at(FIRST), 'Suspended'),
    })
    expect([scan.isWhole, rows.length]).toEqual([true, USERS.length])
    expect(rows.find(({ userId }) => userId === FIRST)?.status).toBe('ACTIVATED')
  })

  it('never, if GenAuth shows one user twice in the place of another, however often it is asked', async () => {
    await using world = await startScanWorld(await newTarget('file'), { userCount: USERS.length })
    world.proxy.behave(({ endpoint, params }) =>
      endpoint === 'list-users' && params.options.pagination.page === 2
        ? envelope => {
            const { list } = envelope.data
            list[0] = list[1]
            return envelope
          }
        : null,
    )
    const { scan, rows } = await world.scan({ population: MANY })
    expect([scan.status, scan.isWhole, scan.seen, rows.length]).toEqual(['SUCCEEDED', false, 179, 179])
  })

  it('never, and saves the second list, if it was seen that somebody left', async () => {
    const { scan, calls } = await scanWhile({
      name: '',
      after: ['get-user-mfa-info', 5],
      move: pool => pool.remove(at(SECOND)),
    })
    expect([scan.isWhole, calls['list-users']]).toEqual([false, 4])
  })
})
