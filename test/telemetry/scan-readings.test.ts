import { describe, expect, it } from 'vitest'
import type { Scan } from '../../src/coverage/scan.ts'
import { Metrics } from '../../src/telemetry/metrics.ts'
import { addScanReadings } from '../../src/telemetry/scan-readings.ts'
import { createHandClock } from '../support/hand-clock.ts'
import { EVERYBODY } from '../support/scans.ts'

const NOW_MS = Date.UTC(2030, 0, 10)
const HOUR_MS = 3_600_000

/** A whole scan that was started so many hours ago, and took one. */
function scanOf(hoursAgo: number, changes: Partial<Scan> = {}): Scan {
  const createdAtMs = NOW_MS - hoursAgo * HOUR_MS
  return {
    id: `scan-${hoursAgo}`,
    depth: 'BINDINGS',
    population: EVERYBODY,
    budgetShare: 0.5,
    status: 'SUCCEEDED',
    failure: null,
    createdAtMs,
    startedAtMs: createdAtMs,
    finishedAtMs: createdAtMs + HOUR_MS,
    expected: 100,
    seen: 100,
    unreadable: 0,
    upstreamCalls: 104,
    isWhole: true,
    ...changes,
  }
}
const UNFINISHED = { finishedAtMs: null, isWhole: false } as const
const RUNNING = { ...UNFINISHED, status: 'RUNNING', seen: 40, unreadable: 2, upstreamCalls: 41 } as const
const QUEUED = { ...UNFINISHED, status: 'QUEUED', startedAtMs: null, expected: null, seen: 0 } as const

/** Returns a function that scrapes the series of scans, and says how often the store was asked. */
function measure(newest: () => Promise<readonly Scan[]>, fault: string | null = null) {
  const clock = createHandClock(NOW_MS)
  const metrics = new Metrics('0.0.0')
  let asked = 0
  const scans = {
    newest() {
      asked++
      return newest()
    },
  }
  addScanReadings(metrics, { fault, scans }, clock)
  const scrape = async () => {
    const text = await metrics.registry.metrics()
    const lines = text.split('\n').filter(line => /^genauth_graphql_(coverage|store)_/.test(line))
    return Object.fromEntries(
      lines.map(line => {
        const [, name = '', value = ''] = /^genauth_graphql_(\S+) (\S+)$/.exec(line) ?? []
        return [name, Number(value)]
      }),
    )
  }
  return { clock, scrape, asked: () => asked }
}

describe('the metrics of scans', () => {
  it('tell how far the scan has come that began last, and what waits', async () => {
    const scans = [scanOf(1, QUEUED), scanOf(2, RUNNING), scanOf(30), scanOf(60, { status: 'CANCELLED' })]
    const { scrape, asked } = measure(async () => scans)
    expect(await scrape()).toEqual({
      store_unusable: 0,
      'coverage_scans{status="QUEUED"}': 1,
      'coverage_scans{status="RUNNING"}': 1,
      'coverage_scans{status="PAUSED"}': 0,
      'coverage_scans{status="SUCCEEDED"}': 1,
      'coverage_scans{status="FAILED"}': 0,
      'coverage_scans{status="CANCELLED"}': 1,
      'coverage_scan_users{count="expected"}': 100,
      'coverage_scan_users{count="seen"}': 40,
      'coverage_scan_users{count="unreadable"}': 2,
      coverage_scan_upstream_calls: 41,
      coverage_newest_whole_scan_age_seconds: 29 * 3_600,
    })
    // All series of one scrape are of one look at the store.
    expect(asked()).toBe(1)
  })

  it.each([
    ['no scan', [], 0],
    ['a whole one', [scanOf(3)], 2],
    ['a whole one before one that is not', [scanOf(3, { isWhole: false }), scanOf(40)], 39],
    ['none that is whole', [scanOf(3, { isWhole: false }), scanOf(40, { isWhole: false })], 40],
    ['one that runs, and no other', [scanOf(5, RUNNING)], 5],
    ['one from the future of a clock that was set back', [scanOf(-10)], 0],
  ])('tell the age of the newest whole scan: %s', async (_what, scans, hours) => {
    const series = await measure(async () => scans).scrape()
    expect(series['coverage_newest_whole_scan_age_seconds']).toBe(hours * 3_600)
  })

  it('are zero while there is no scan', async () => {
    const series = await measure(async () => []).scrape()
    expect(Object.keys(series)).toHaveLength(12)
    expect(new Set(Object.values(series))).toEqual(new Set([0]))
  })

  it('are missing while the store fails, and what a scrape waits for is bounded', async () => {
    let answer = () => Promise.resolve([scanOf(1)])
    const { clock, scrape } = measure(() => answer(), 'LOST')
    expect(Object.keys(await scrape())).toHaveLength(12)
    answer = () => Promise.reject(new Error('no store'))
    await clock.advance(1_000)
    expect(await scrape()).toEqual({ store_unusable: 1 })
    answer = () => new Promise(() => {})
    await clock.advance(1_000)
    const hanging = scrape()
    await clock.advance(1_000)
    expect(await hanging).toEqual({ store_unusable: 1 })
  })
})
