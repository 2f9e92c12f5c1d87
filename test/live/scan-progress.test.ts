import { describe, expect, it } from 'vitest'
import type { Scan } from '../../src/coverage/scan.ts'
import { createScanWatch } from '../../src/live/scan-watch.ts'
import { startApp } from '../support/app.ts'
import { SCAN_FIELDS, startCoverageApp, startScan } from '../support/coverage-app.ts'
import { openStream } from '../support/event-stream.ts'
import { createHandClock } from '../support/hand-clock.ts'
import { EVERYBODY } from '../support/scans.ts'

const PROGRESS = `subscription ($id: ID!) { mfaCoverageScanProgress(id: $id) { ${SCAN_FIELDS} estimatedFinishAt } }`
const REPORT = { claims: { scope: 'mfa:report' } }
const NO_SCAN = { id: '00000000-0000-4000-8000-000000000000' }

const QUEUED: Scan = {
  id: 'scan',
  depth: 'BINDINGS',
  population: EVERYBODY,
  budgetShare: 0.5,
  status: 'QUEUED',
  createdAtMs: 0,
  startedAtMs: null,
  finishedAtMs: null,
  expected: null,
  seen: 0,
  unreadable: 0,
  upstreamCalls: 0,
  isWhole: false,
  failure: null,
}
const RUNNING: Scan = { ...QUEUED, status: 'RUNNING', startedAtMs: 1, expected: 100 }

describe('mfaCoverageScanProgress', () => {
  it('shows a scan at once, as it goes on, and its end, and then ends itself', async () => {
    await using app = await startCoverageApp(REPORT)
    const { scan } = await startScan(app, { depth: 'BINDINGS', budgetShare: 1 })
    const stream = await openStream(app, PROGRESS, { variables: { id: scan.id } })
    await stream.closed
    const states = stream.results.map(({ data }) => data.mfaCoverageScanProgress)
    expect(states[0]).toMatchObject({ id: scan.id })
    expect(states.at(-1)).toMatchObject({ id: scan.id, status: 'SUCCEEDED', isWhole: true })
    expect(stream.isComplete).toBe(true)
    const again = await openStream(app, PROGRESS, { variables: { id: scan.id } })
    await again.closed
    expect(again.results.map(({ data }) => data.mfaCoverageScanProgress)).toEqual([states.at(-1)])
  })

  it.each([
    ['NOT_FOUND', 'for a scan that is not there', REPORT, NO_SCAN],
    ['NOT_FOUND', 'for an id that is none', REPORT, { id: '\u0000' }],
    ['FORBIDDEN', 'without the scope for reports', { claims: { scope: 'mfa:read' } }, NO_SCAN],
  ])('ends with %s %s', async (code, _why, options, variables) => {
    await using app = await startCoverageApp(options)
    const stream = await openStream(app, PROGRESS, { variables })
    await stream.closed
    expect(stream.results.map(({ errors }) => errors[0].extensions.code)).toEqual([code])
    expect(stream.isComplete).toBe(true)
  })

  it.each([
    ['FEATURE_OFF', {}],
    ['STORE_UNAVAILABLE', { STORE_URL: 'file:/no-such-folder/store.db' }],
  ])('ends with %s if the server has no store to ask', async (code, env) => {
    await using app = await startApp({ ...REPORT, env })
    const stream = await openStream(app, PROGRESS, { variables: NO_SCAN })
    await stream.closed
    expect(stream.text).toContain(`"code":"${code}"`)
  })
})

describe('a watched scan', () => {
  /** A store whose content a test sets, as another replica would. */
  function startWatch(stored: Scan | null | Error = QUEUED) {
    const clock = createHandClock()
    const stand = { stored, looks: 0 }
    const watch = createScanWatch({
      clock,
      scans: {
        async find() {
          stand.looks++
          if (stand.stored instanceof Error) throw stand.stored
          return stand.stored
        },
      },
    })
    const follow = (scan: Scan) => {
      const states: Scan[] = []
      const iterator = watch.watch(scan)[Symbol.asyncIterator]()
      const ended = (async () => {
        for (let next = await iterator.next(); !next.done; next = await iterator.next())
          states.push(next.value)
      })()
      return { states, ended, leave: () => iterator.return?.() }
    }
    return { clock, stand, follow }
  }

  it('is told once a second, only when it has changed, for one look of all who watch', async () => {
    const { clock, stand, follow } = startWatch()
    const [first, second] = [follow(QUEUED), follow(QUEUED)]
    await clock.advance(3_000)
    stand.stored = { ...RUNNING, seen: 50 }
    await clock.advance(999)
    stand.stored = { ...RUNNING, seen: 60 }
    await clock.advance(1)
    expect(stand.looks).toBe(4)
    for (const { states } of [first, second]) expect(states).toEqual([QUEUED, { ...RUNNING, seen: 60 }])
    await first.leave()
    await second.leave()
    expect(clock.scheduled).toBe(0)
  })

  it('ends with the scan, and when the scan is removed', async () => {
    for (const end of [{ ...RUNNING, status: 'CANCELLED' } as const, null]) {
      const { clock, stand, follow } = startWatch()
      const { states, ended } = follow(QUEUED)
      stand.stored = end
      await clock.advance(1_000)
      await ended
      expect(states).toEqual(end === null ? [QUEUED] : [QUEUED, end])
      expect(clock.scheduled).toBe(0)
    }
  })

  it('tells nothing while the store is lost, and goes on after it', async () => {
    const { clock, stand, follow } = startWatch()
    const { states, leave } = follow(QUEUED)
    stand.stored = new Error('lost')
    await clock.advance(5_000)
    stand.stored = RUNNING
    await clock.advance(1_000)
    expect(states).toEqual([QUEUED, RUNNING])
    await leave()
  })
})
