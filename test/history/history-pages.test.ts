import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Events } from '../../src/base/events.ts'
import { StoreUnavailableError } from '../../src/base/store-unavailable-error.ts'
import type { Change } from '../../src/history/change.ts'
import type { History } from '../../src/history/history.ts'
import { comparePlaces, type HistoryEntry, toPlace } from '../../src/history/history-entry.ts'
import type { HistoryEvents } from '../../src/history/history-events.ts'
import type { HistoryUpstream, UserEventPage, UserEventQuery } from '../../src/history/history-upstream.ts'
import type { UserEvent, UserEventKind, UserEventType } from '../../src/history/user-event.ts'
import { fail, type Result, succeed } from '../../src/mfa/failure.ts'
import { change, changesOf, historyOf, userEvent } from '../support/histories.ts'
import { runs } from '../support/tier.ts'

const TYPES: Readonly<Record<UserEventKind, UserEventType>> = {
  VERIFIED: 'VERIFICATION',
  VERIFICATION_FAILED: 'VERIFICATION',
  BOUND: 'BINDING',
  UNBOUND: 'UNBINDING',
}

interface LogOptions {
  /** `false` ignores the time that is asked for, as a server would that takes it for seconds. */
  readonly knowsTimes?: boolean
  readonly isOldestFirst?: boolean
  readonly pageRows?: number
}

/** Returns a log that may grow. Of one time it lists rows in the order of their coming. */
function logOf(
  events: readonly UserEvent[],
  { knowsTimes = true, isOldestFirst = false, pageRows = 50 }: LogOptions = {},
): HistoryUpstream & { readonly queries: UserEventQuery[] } {
  const queries: UserEventQuery[] = []
  return {
    queries,
    async listUserEvents(query): Promise<Result<UserEventPage, never>> {
      queries.push(query)
      const { type, untilMs, page } = query
      const found = events
        .filter(
          ({ kind, atMs }) => TYPES[kind] === type && (!knowsTimes || untilMs === null || atMs <= untilMs),
        )
        .toSorted((left, right) => (isOldestFirst ? left.atMs - right.atMs : right.atMs - left.atMs))
      const rows = found
        .slice((page - 1) * pageRows, page * pageRows)
        .map(event => ({ atMs: event.atMs, event }))
      return succeed({ rows, unreadable: 0, totalCount: found.length })
    },
  }
}

function pageOf(read: Result<History>): History {
  if (!read.ok) throw new Error(read.failure.kind)
  return read.value
}

/** Reads page after page, and does something between two of them. */
async function walk(
  parts: { readonly upstream: HistoryUpstream; readonly changes: readonly Change[] },
  first: number,
  between: () => void = () => {},
): Promise<{ entries: HistoryEntry[]; pages: History[] }> {
  const read = historyOf({ upstream: parts.upstream, changes: changesOf(parts.changes) })
  const pages: History[] = []
  let after: string | null = null
  for (let count = 0; count < 500; count += 1) {
    const page: History = pageOf(await read({ first, after }))
    pages.push(page)
    after = page.edges.at(-1)?.cursor ?? null
    if (!page.hasNextPage)
      return { entries: pages.flatMap(({ edges }) => edges.map(({ entry }) => entry)), pages }
    expect(after).not.toBeNull()
    between()
  }
  throw new Error('the walk does not end')
}

const keyOf = (entry: HistoryEntry) => JSON.stringify(toPlace(entry))

describe('the pages of a history', () => {
  const kinds: UserEventKind[] = ['VERIFIED', 'VERIFICATION_FAILED', 'BOUND', 'UNBOUND']
  const spans = fc.constantFrom(3, 20, 400)
  const lists = spans.chain(span =>
    fc.record({
      changeTimes: fc.array(fc.integer({ min: 0, max: span }), { maxLength: 60, size: 'max' }),
      eventTimes: fc.array(fc.tuple(fc.integer({ min: 0, max: span }), fc.constantFrom(...kinds)), {
        maxLength: 160,
        size: 'max',
      }),
      first: fc.integer({ min: 1, max: 50 }),
      arrivals: fc.array(fc.tuple(fc.boolean(), fc.constantFrom(...kinds)), { maxLength: 5 }),
      pageRows: fc.constantFrom(7, 7, 50),
    }),
  )

  it('have no gap and no repeat, in order, while new entries arrive', async () => {
    await fc.assert(
      fc.asyncProperty(lists, async ({ changeTimes, eventTimes, first, arrivals, pageRows }) => {
        const changes = changeTimes.map((atMs, index) => change(atMs, index))
        const events = eventTimes.map(([atMs, kind], index) => userEvent(atMs, index, kind))
        const before: HistoryEntry[] = [
          ...changes.map((one): HistoryEntry => ({ source: 'THIS_SERVICE', change: one })),
          ...events.map((one): HistoryEntry => ({ source: 'GENAUTH', event: one })),
        ]
        let number = 1_000
        const arrive = () => {
          for (const [isOwn, kind] of arrivals) {
            number += 1
            if (isOwn) changes.push(change(number, number))
            else events.push(userEvent(number, number, kind))
          }
        }
        const { entries, pages } = await walk(
          { upstream: logOf(events, { pageRows }), changes },
          first,
          arrive,
        )
        const keys = entries.map(keyOf)
        expect(new Set(keys).size).toBe(keys.length)
        expect(entries).toEqual(
          entries.toSorted((left, right) => comparePlaces(toPlace(left), toPlace(right))),
        )
        const isWhole = pages.every(({ missing }) => missing.length === 0)
        // A server whose pages are small cannot show many rows of one time.
        if (pageRows === 50) expect(isWhole).toBe(true)
        if (isWhole) expect(new Set(keys)).toEqual(new Set(before.map(keyOf)))
      }),
      { numRuns: runs({ short: 100, all: 400 }) },
    )
  })

  it('hold 51 entries, of which one source has none to spare', async () => {
    const events = Array.from({ length: 30 }, (_, index) => userEvent(index * 2, index))
    const changes = Array.from({ length: 21 }, (_, index) => change(index * 3, index))
    const { entries, pages } = await walk({ upstream: logOf(events), changes }, 20)
    expect(entries).toHaveLength(51)
    expect(pages.map(({ edges }) => edges.length)).toEqual([20, 20, 11])
    expect(pages.map(({ hasPreviousPage }) => hasPreviousPage)).toEqual([false, true, true])
  })

  it('cost three calls, and more only if one event alone fills a page of the log', async () => {
    const few = logOf(Array.from({ length: 300 }, (_, index) => userEvent(index, index)))
    await historyOf({ upstream: few, changes: null })({ first: 20, after: null })
    expect(few.queries).toHaveLength(3)
    await historyOf({ upstream: few, changes: null })({ first: 50, after: null })
    expect(few.queries.slice(3)).toHaveLength(4)
  })
})

describe('a source that cannot be read', () => {
  const events = [userEvent(5, 1), userEvent(3, 2, 'BOUND')]
  const refused = fail({ kind: 'PLAN_REQUIRED', upstream: null } as const)
  const down = async (): Promise<never> => Promise.reject(new StoreUnavailableError('gone'))
  const kindsOf = ({ edges }: History) => edges.map(({ entry }) => entry.source)

  it.each<[what: string, changes: Parameters<typeof historyOf>[0]['changes'], missing: string[]]>([
    ['there is no store', null, ['THIS_SERVICE']],
    ['the store is lost', { page: down }, ['THIS_SERVICE']],
    [
      'the index is behind',
      { page: async () => ({ changes: [change(4, 1)], hasMore: false, isWhole: false }) },
      ['THIS_SERVICE'],
    ],
    ['all is well', changesOf([]), []],
  ])('is named if %s, and GenAuth’s entries are shown', async (_what, changes, missing) => {
    const page = pageOf(await historyOf({ upstream: logOf(events), changes })({ first: 20, after: null }))
    expect(page.missing).toEqual(missing)
    expect(kindsOf(page).filter(source => source === 'GENAUTH')).toHaveLength(2)
  })

  it('is named if GenAuth refuses one of the three calls, and the others are shown', async () => {
    const log = logOf(events)
    const upstream: HistoryUpstream = {
      listUserEvents: async query => (query.type === 'BINDING' ? refused : log.listUserEvents(query)),
    }
    const page = pageOf(
      await historyOf({ upstream, changes: changesOf([change(9, 1)]) })({ first: 20, after: null }),
    )
    expect(page.missing).toEqual(['GENAUTH'])
    expect(kindsOf(page)).toEqual(['THIS_SERVICE', 'GENAUTH'])
  })

  it('is named if a row could not be read, which is counted', async () => {
    const skipped: number[] = []
    const counted = new Events<HistoryEvents>()
    counted.on('historyRowsSkipped', ({ rows }) => skipped.push(rows))
    const upstream: HistoryUpstream = {
      async listUserEvents({ type }) {
        const isVerification = type === 'VERIFICATION'
        const rows = isVerification ? [userEvent(5, 1), userEvent(4, 2)] : []
        return succeed({
          rows: rows.map(event => ({ atMs: event.atMs, event })),
          unreadable: isVerification ? 1 : 0,
          totalCount: isVerification ? 3 : 0,
        })
      },
    }
    const parts = { upstream, changes: changesOf([]), events: counted }
    const page = pageOf(await historyOf(parts)({ first: 20, after: null }))
    expect(page.edges).toHaveLength(2)
    expect(page.missing).toEqual(['GENAUTH'])
    expect(skipped).toEqual([1])
  })

  it.each<[what: string, log: HistoryUpstream, shown: number, isWhole: boolean]>([
    ['is listed with the oldest first, over two pages', logOf(times(60), { isOldestFirst: true }), 0, false],
    ['is listed with the oldest first, on one page', logOf(times(40), { isOldestFirst: true }), 40, true],
    [
      'has more rows of one time than its pages hold',
      logOf(Array.from({ length: 300 }, (_, index) => userEvent(5, index))),
      0,
      false,
    ],
    ['ends before its own count', short(20), 20, false],
  ])('is named if GenAuth’s log %s', async (_what, upstream, shown, isWhole) => {
    const page = pageOf(await historyOf({ upstream, changes: changesOf([]) })({ first: 50, after: null }))
    expect(page.missing).toEqual(isWhole ? [] : ['GENAUTH'])
    expect(page.edges).toHaveLength(shown)
    expect(page.hasNextPage).toBe(false)
  })

  it('is read to its end where GenAuth does not go by the time, and named beyond four pages', async () => {
    const near = await walk({ upstream: logOf(times(150), { knowsTimes: false }), changes: [] }, 50)
    expect(near.entries).toHaveLength(150)
    expect(near.pages.flatMap(({ missing }) => missing)).toEqual([])
    const far = await walk({ upstream: logOf(times(400), { knowsTimes: false }), changes: [] }, 50)
    expect(far.pages.at(-1)?.missing).toEqual(['GENAUTH'])
    expect(far.entries.length).toBeLessThan(400)
  })

  it('fails only by the limit of the caller', async () => {
    const limited = fail({ kind: 'RATE_LIMITED', upstream: null, retryAfterMs: 5, origin: 'LAYER' } as const)
    let left = 2
    const countRead = async (): Promise<Result<void>> => {
      left -= 1
      return left < 0 ? limited : succeed(undefined)
    }
    const log = logOf(events)
    const read = historyOf({ upstream: log, changes: changesOf([change(9, 1)]), countRead })
    expect(await read({ first: 20, after: null })).toEqual(limited)
    expect(log.queries).toHaveLength(2)
  })
})

describe('the arguments of a history', () => {
  const read = historyOf({ upstream: logOf(times(30)), changes: changesOf([]) })

  it.each([0, -1, 51, 2_000_000_000])('refuse first: %s', async first => {
    expect(await read({ first, after: null })).toMatchObject({
      ok: false,
      failure: { kind: 'INVALID_INPUT', fieldErrors: [{ path: ['first'] }] },
    })
  })

  it('refuse a cursor of another user, and nonsense', async () => {
    const cursor = pageOf(await read({ first: 1, after: null })).edges[0]?.cursor ?? ''
    expect(pageOf(await read({ first: 1, after: cursor })).edges).toHaveLength(1)
    for (const [after, userId] of [
      [cursor, 'grace'],
      ['nonsense', 'ada'],
      ['', 'ada'],
    ] as const) {
      expect(await read({ first: 1, after }, userId)).toMatchObject({
        ok: false,
        failure: { kind: 'INVALID_INPUT', fieldErrors: [{ path: ['after'] }] },
      })
    }
  })
})

function times(count: number): UserEvent[] {
  return Array.from({ length: count }, (_, index) => userEvent(index, index))
}

/** Returns a log that counts more rows than it lists. */
function short(count: number): HistoryUpstream {
  const log = logOf(times(count))
  return {
    async listUserEvents(query) {
      const read = await log.listUserEvents({ ...query, untilMs: null })
      return read.ok ? succeed({ ...read.value, totalCount: read.value.totalCount + 100 }) : read
    },
  }
}
