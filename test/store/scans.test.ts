import { describe, expect, it } from 'vitest'
import { type CoverageFilter, EVERY_ROW } from '../../src/coverage/coverage-filter.ts'
import { MAX_QUEUED_SCANS } from '../../src/coverage/scan.ts'
import type { RowQuery, ScanStore } from '../../src/coverage/scan-store.ts'
import { begin, EVERYBODY, NOT_BOUND, newScan, toPage, toRow, WHOLE } from '../support/scans.ts'
import { ENGINES, openStore, useStores } from '../support/stores.ts'

const { newTarget } = await useStores()

async function idsOf(store: ScanStore, id: string, filter: Partial<CoverageFilter>): Promise<string[]> {
  const query: RowQuery = { filter: { ...EVERY_ROW, ...filter }, order: 'SCANNED', after: 0, first: 50 }
  const { rows } = await store.rows(id, query)
  expect(await store.count(id, query.filter)).toBe(rows.length)
  return rows.map(({ row }) => row.userId)
}

describe.each(ENGINES)('scans in %s', engine => {
  async function open() {
    const opened = await openStore(await newTarget(engine))
    expect(opened.faults).toEqual([])
    const { scans: store } = opened.store
    return { store, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() }
  }

  it('are kept over a restart, with their rows', async () => {
    const target = await newTarget(engine)
    const wish = newScan({
      population: {
        departments: [{ organizationCode: 'o', departmentId: 'root', includesChildren: true }],
        groups: ['g'],
        statuses: ['ACTIVATED', 'SUSPENDED'],
        signedInTo: ['a'],
        lastSignInAfterMs: 1_899_999_999_999,
        lastSignInBeforeMs: null,
        exceptUserIds: ['u9'],
        exceptGroups: [],
      },
    })
    const row = toRow('u1', {
      departmentIds: ['d1', 'd2'],
      bindings: { SMS: true, EMAIL: null, OTP: false, FACE: null },
      enabledFactors: ['OTP', 'PASSKEY, "new"'],
      posture: 'PENDING',
      lastMfaAtMs: 1_899_999_999_123,
      lastSignInAtMs: 1_900_000_000_999,
    })
    const bare = toRow('65a000000000000000000002', { status: null, bindings: null })
    {
      await using opened = await openStore(target)
      await opened.store.scans.create(wish)
      const claimed = await opened.store.scans.claim(wish.id, 1_900_000_000_500)
      if (claimed.kind !== 'CLAIMED') throw new Error(claimed.kind)
      await opened.store.scans.storePage(claimed.claim, toPage([row, bare], { unreadable: 1 }))
    }
    await using opened = await openStore(target)
    expect(await opened.store.scans.find(wish.id)).toEqual({
      ...wish,
      status: 'RUNNING',
      startedAtMs: 1_900_000_000_500,
      finishedAtMs: null,
      expected: 2,
      seen: 2,
      unreadable: 1,
      upstreamCalls: 3,
      isWhole: false,
      failure: null,
    })
    const page = await opened.store.scans.rows(wish.id, {
      filter: EVERY_ROW,
      order: 'SCANNED',
      after: 0,
      first: 50,
    })
    expect(page).toEqual({ rows: [row, bare].map((one, n) => ({ place: n + 1, row: one })), hasMore: false })
    const again = await opened.store.scans.claim(wish.id, 1_900_000_009_000)
    expect(again).toMatchObject({ kind: 'CLAIMED', claim: { epoch: 2, position: 'p1' } })
    expect((await opened.store.scans.due()).map(({ id }) => id)).toEqual([wish.id])
  })

  it('are not asked for twice, whatever the order of the conditions is, and wait for one another', async () => {
    await using opened = await open()
    const { store } = opened
    const first = newScan({ population: { ...EVERYBODY, groups: ['a', 'b'] } })
    const same = newScan({ population: { ...EVERYBODY, groups: ['b', 'a'] } })
    expect((await store.create(first)).kind).toBe('CREATED')
    expect(await store.create(same)).toMatchObject({ kind: 'ALREADY_THERE', scan: { id: first.id } })
    const deeper = newScan({ ...same, id: 'deeper', depth: 'FULL' })
    expect((await store.create(deeper)).kind).toBe('CREATED')
    expect((await store.claim(first.id, 1)).kind).toBe('CLAIMED')
    expect((await store.claim(deeper.id, 1)).kind).toBe('ANOTHER_RUNS')
    expect((await store.claim('none', 1)).kind).toBe('ANOTHER_RUNS')
    for (let n = 1; n < MAX_QUEUED_SCANS; n++) {
      const another = newScan({ population: { ...EVERYBODY, groups: [`${n}`] } })
      expect((await store.create(another)).kind).toBe('CREATED')
    }
    expect((await store.create(newScan())).kind).toBe('QUEUE_FULL')
    expect((await store.cancel(first.id, 2)).kind).toBe('CANCELLED')
    expect((await store.claim(first.id, 3)).kind).toBe('NOT_DUE')
    expect((await store.claim(deeper.id, 3)).kind).toBe('CLAIMED')
    const [newest] = await store.newest(1)
    expect(newest?.population.groups).toEqual([`${MAX_QUEUED_SCANS - 1}`])
  })

  it('of many callers at the same moment become one', async () => {
    await using opened = await open()
    const wishes = Array.from({ length: 8 }, () => opened.store.create(newScan()))
    const kinds = (await Promise.all(wishes)).map(({ kind }) => kind)
    expect(kinds.filter(kind => kind === 'CREATED')).toHaveLength(1)
    expect(kinds.filter(kind => kind === 'ALREADY_THERE')).toHaveLength(7)
  })

  it('take nothing from an owner that was taken over from, or after the end', async () => {
    await using opened = await open()
    const { store } = opened
    const frozen = await begin(store)
    const { id } = frozen.scan
    await store.storePage(frozen, toPage([toRow('u1')]))
    const claimed = await store.claim(id, 9)
    if (claimed.kind !== 'CLAIMED') throw new Error(claimed.kind)
    const page = toPage([toRow('u2')], { position: 'frozen' })
    expect(await store.storePage(frozen, page)).toEqual({ kind: 'FENCED' })
    expect(
      await store.end(frozen, {
        status: 'FAILED',
        failure: 'OPERATION_REFUSED',
        poolFactors: null,
        atMs: 10,
      }),
    ).toBe('FENCED')
    expect(await store.storePage(claimed.claim, toPage([toRow('u3')]))).toEqual({
      kind: 'STORED',
      inserted: 1,
    })
    expect(await store.end(claimed.claim, { ...WHOLE, atMs: 11 })).toBe('ENDED')
    expect(await store.storePage(claimed.claim, page)).toEqual({ kind: 'FENCED' })
    expect(await store.cancel(id, 12)).toMatchObject({ kind: 'HAS_ENDED', scan: { status: 'SUCCEEDED' } })
    expect(await store.cancel('none', 12)).toEqual({ kind: 'UNKNOWN' })
    const ended = { seen: 2, isWhole: true, finishedAtMs: 11, startedAtMs: 1_900_000_000_500 }
    expect(await store.find(id)).toMatchObject(ended)
    expect(await idsOf(store, id, {})).toEqual(['u1', 'u3'])
  })

  it('that are paused keep their turn, and go on with the next claim', async () => {
    await using opened = await open()
    const { store } = opened
    const paused = await begin(store)
    const { id } = paused.scan
    await store.create(newScan({ id: 'behind', depth: 'FULL' }))
    expect(await store.pause(paused)).toBe('PAUSED')
    expect(await store.pause(paused)).toBe('FENCED')
    expect(await store.storePage(paused, toPage([toRow('u1')]))).toEqual({ kind: 'FENCED' })
    expect((await store.claim('behind', 2)).kind).toBe('ANOTHER_RUNS')
    expect((await store.due()).map(scan => [scan.id, scan.status])).toEqual([
      [id, 'PAUSED'],
      ['behind', 'QUEUED'],
    ])
    const claimed = await store.claim(id, 3)
    expect(claimed).toMatchObject({ kind: 'CLAIMED', claim: { scan: { status: 'RUNNING' } } })
    expect(await store.pause(paused)).toBe('FENCED')
  })

  it('hold each user once, as first read, and count what was stored', async () => {
    await using opened = await open()
    const { store } = opened
    const claim = await begin(store)
    await store.storePage(
      claim,
      toPage([toRow('u1'), toRow('u2', { departmentIds: ['d'] })], { expected: 3 }),
    )
    const shifted = [toRow('u2', { status: 'SUSPENDED', departmentIds: ['e'] }), toRow('u3')]
    const stored = await store.storePage(claim, toPage(shifted, { expected: 9, position: 'p2' }))
    expect(stored).toEqual({ kind: 'STORED', inserted: 1 })
    const { id } = claim.scan
    expect(await store.find(id)).toMatchObject({ seen: 3, expected: 3, upstreamCalls: 6 })
    expect(await idsOf(store, id, { statuses: ['ACTIVATED'] })).toEqual(['u1', 'u2', 'u3'])
    expect(await idsOf(store, id, { departmentIds: ['d'] })).toEqual(['u2'])
    expect(await idsOf(store, id, { departmentIds: ['e'] })).toEqual([])
  })

  it('are read page by page, without a gap or a repeat while rows arrive', async () => {
    await using opened = await open()
    const { store } = opened
    const claim = await begin(store)
    const ids = Array.from({ length: 3_203 }, (_, n) => `u${n}`)
    await store.storePage(claim, toPage(ids.slice(0, 3_100).map(id => toRow(id, { departmentIds: ['d'] }))))
    const read: string[] = []
    for (let after = 0, hasMore = true; hasMore; ) {
      const page = await store.rows(claim.scan.id, { filter: EVERY_ROW, order: 'SCANNED', after, first: 400 })
      read.push(...page.rows.map(({ row }) => row.userId))
      after = page.rows.at(-1)?.place ?? after
      hasMore = page.hasMore
      if (read.length === 800) await store.storePage(claim, toPage(ids.slice(3_100).map(id => toRow(id))))
    }
    expect(read).toEqual(ids)
    const filter = { ...EVERY_ROW, departmentIds: ['d'] }
    expect(await store.count(claim.scan.id, filter)).toBe(3_100)
    const last = await store.rows(claim.scan.id, { filter, order: 'SCANNED', after: 3_050, first: 100 })
    expect(last.rows.map(({ row }) => row.userId)).toEqual(ids.slice(3_050, 3_100))
  })

  const ROWS = [
    toRow('none', { departmentIds: ['d1'] }),
    toRow('otp', { bindings: { ...NOT_BOUND, OTP: true }, lastMfaAtMs: 1_000, departmentIds: ['d1', 'd2'] }),
    toRow('untold', { bindings: { ...NOT_BOUND, FACE: null }, lastMfaAtMs: 2_000 }),
    toRow('unreadable', { bindings: null, status: 'SUSPENDED' }),
    toRow('full', { posture: 'UNPROTECTED', bindings: { ...NOT_BOUND, SMS: true }, status: null }),
  ]

  it('are filtered by what is known alone', async () => {
    await using opened = await open()
    const { store } = opened
    const claim = await begin(store)
    const { id } = claim.scan
    await store.storePage(claim, toPage(ROWS))
    const table: readonly (readonly [Partial<CoverageFilter>, readonly string[]])[] = [
      [{}, ['none', 'otp', 'untold', 'unreadable', 'full']],
      [{ withoutBoundFactor: true }, ['none']],
      [{ withoutBoundFactor: false }, ['otp', 'full']],
      [{ boundFactor: 'OTP' }, ['otp']],
      [{ boundFactor: 'FACE' }, []],
      [{ notBoundFactor: 'FACE' }, ['none', 'otp', 'full']],
      [{ notBoundFactor: 'OTP' }, ['none', 'untold', 'full']],
      [{ neverVerified: true }, ['none', 'unreadable', 'full']],
      [{ neverVerified: false }, ['otp', 'untold']],
      [{ lastMfaBeforeMs: 2_000 }, ['otp']],
      [{ statuses: ['SUSPENDED', 'ARCHIVED'] }, ['unreadable']],
      [{ statuses: [] }, []],
      [{ postures: ['UNPROTECTED'] }, ['full']],
      [{ postures: [] }, []],
      [{ departmentIds: ['d2', 'unknown'] }, ['otp']],
      [{ departmentIds: ['d1', 'd2'] }, ['none', 'otp']],
      [{ departmentIds: ['unknown'] }, []],
      [{ departmentIds: [] }, []],
      [{ departmentIds: ['d1'], withoutBoundFactor: true, statuses: ['ACTIVATED'] }, ['none']],
    ]
    for (const [filter, expected] of table) {
      expect(await idsOf(store, id, filter), JSON.stringify(filter)).toEqual(expected)
    }
    const everyRow = { filter: EVERY_ROW, order: 'SCANNED', after: 0, first: 10 } as const
    expect(await store.rows('none', everyRow)).toEqual({ rows: [], hasMore: false })
    expect(await store.count('none', EVERY_ROW)).toBeNull()
  })

  it('are counted, and those that have ended as they were then', async () => {
    await using opened = await open()
    const { store } = opened
    const claim = await begin(store)
    const { id } = claim.scan
    const full = toRow('on', {
      enabledFactors: ['OTP', 'X"SMS"'],
      posture: 'PENDING',
      departmentIds: ['d1', 'd3'],
    })
    await store.storePage(claim, toPage([...ROWS, full]))
    const expected = {
      users: 6,
      withoutBoundFactor: 2,
      neverVerified: 4,
      byPosture: { PROTECTED: 0, PENDING: 1, UNPROTECTED: 1, UNKNOWN: 0 },
      byFactor: {
        SMS: { bound: 1, enabled: 0 },
        EMAIL: { bound: 0, enabled: 0 },
        OTP: { bound: 1, enabled: 1 },
        FACE: { bound: 0, enabled: 0 },
      },
      byDepartment: [
        { departmentId: 'd1', users: 3, withoutBoundFactor: 2 },
        { departmentId: 'd2', users: 1, withoutBoundFactor: 0 },
        { departmentId: 'd3', users: 1, withoutBoundFactor: 1 },
      ],
      poolFactors: null,
    }
    expect(await store.summary(id)).toEqual(expected)
    await store.end(claim, { ...WHOLE, poolFactors: ['OTP', 'SMS'] })
    expect(await store.summary(id)).toEqual({ ...expected, poolFactors: ['OTP', 'SMS'] })
    expect(await store.summary('none')).toBeNull()
  })

  it('that fail say why', async () => {
    await using opened = await open()
    const { store } = opened
    const claim = await begin(store)
    const end = { status: 'FAILED', failure: 'LIST_CUT_SHORT', poolFactors: null, atMs: 9 } as const
    expect(await store.end(claim, end)).toBe('ENDED')
    const failed = { status: 'FAILED', failure: 'LIST_CUT_SHORT', isWhole: false }
    expect(await store.find(claim.scan.id)).toMatchObject(failed)
  })

  it.each([
    ['LAST_SIGN_IN_DESC', 'lastSignInAtMs', ['f', 'c', 'g', 'a', 'd', 'h', 'e', 'b']],
    ['LAST_MFA_ASC', 'lastMfaAtMs', ['b', 'e', 'h', 'd', 'a', 'g', 'c', 'f']],
  ] as const)(
    'are ordered %s over pages of any size, those without a time at their end',
    async (order, time, ids) => {
      await using opened = await open()
      const { store } = opened
      const claim = await begin(store)
      const times = { a: 7, b: null, c: 9, d: 5, e: null, f: 9, g: 7, h: null }
      const rows = Object.entries(times).map(([id, atMs]) => toRow(id, { [time]: atMs }))
      await store.storePage(claim, toPage(rows))
      for (const first of [1, 2, 3, 50]) {
        const read: string[] = []
        for (let after = 0, hasMore = true; hasMore; ) {
          const page = await store.rows(claim.scan.id, { filter: EVERY_ROW, order, after, first })
          read.push(...page.rows.map(({ row }) => row.userId))
          after = page.rows.at(-1)?.place ?? after
          hasMore = page.hasMore
        }
        expect(read, `${first} a page`).toEqual(ids)
      }
      const filter = { ...EVERY_ROW, statuses: ['SUSPENDED' as const] }
      expect((await store.rows(claim.scan.id, { filter, order, after: 0, first: 5 })).rows).toEqual([])
    },
  )

  it('are removed with their rows, but for the newest and those that have not ended', async () => {
    await using opened = await open()
    const { store } = opened
    const ids: string[] = []
    for (let n = 0; n < 3; n++) {
      const claim = await begin(store)
      ids.push(claim.scan.id)
      await store.storePage(claim, toPage(ROWS))
      if (n < 2) await store.end(claim, { ...WHOLE, atMs: n })
    }
    await store.removeAllBut(1)
    const left = await store.newest(9)
    expect(left.map(({ id }) => id)).toEqual([ids[2], ids[1]])
    expect(await store.find(ids[0] ?? '')).toBeNull()
    expect(await idsOf(store, ids[1] ?? '', {})).toHaveLength(ROWS.length)
  })
})
