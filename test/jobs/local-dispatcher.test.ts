import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { StoreUnavailableError } from '../../src/base/store-unavailable-error.ts'
import type { RunScan, ScanRun } from '../../src/coverage/run-scan.ts'
import type { ScanStore } from '../../src/coverage/scan-store.ts'
import { parseCron } from '../../src/jobs/cron.ts'
import type { Nightly } from '../../src/jobs/dispatcher.ts'
import { LocalDispatcher } from '../../src/jobs/local-dispatcher.ts'
import { createRunToEnd } from '../../src/jobs/run-to-end.ts'
import { createHandClock, type HandClock } from '../support/hand-clock.ts'
import { EVERYBODY, newScan } from '../support/scans.ts'
import { openStore, useStores } from '../support/stores.ts'

const { newTarget } = await useStores()

/** What a run does, before it ends as it says. */
type Run = (scanId: string, scans: ScanStore, stop: AbortSignal) => Promise<ScanRun>

const pause: Run = async (id, scans) => {
  const claimed = await scans.claim(id, 0)
  if (claimed.kind !== 'CLAIMED') return claimed.kind
  return (await scans.pause(claimed.claim)) === 'PAUSED' ? 'PAUSED' : 'FENCED'
}
const end: Run = async (id, scans) => {
  const claimed = await scans.claim(id, 0)
  if (claimed.kind !== 'CLAIMED') return claimed.kind
  return scans.end(claimed.claim, {
    status: 'SUCCEEDED',
    isWhole: true,
    poolFactors: null,
    atMs: 1,
  })
}
const untilStopped: Run = async (id, scans, stop) => {
  const claimed = await scans.claim(id, 0)
  if (claimed.kind !== 'CLAIMED') return claimed.kind
  if (!stop.aborted) await new Promise(resolve => stop.addEventListener('abort', resolve))
  return 'STOPPED'
}
const lackStore: Run = async () => {
  throw new StoreUnavailableError('FULL')
}
const goWrong: Run = async () => {
  throw new TypeError('a fault of ours')
}

interface Dispatching extends AsyncDisposable {
  readonly dispatcher: LocalDispatcher
  readonly scans: ScanStore
  readonly clock: HandClock
  readonly errors: readonly unknown[]
  create(): Promise<string>
  /** The runs that have begun since the last time: seconds since the start, and the scan. */
  takeRuns(): (readonly [number, string])[]
}

/** Starts a dispatcher. The first runs are as listed, and all others end well. */
async function startDispatcher(
  runs: readonly Run[] = [],
  queued = 0,
  nightly: Nightly | null = null,
): Promise<Dispatching> {
  const { store } = await openStore(await newTarget('file'))
  const clock = createHandClock()
  const begun: (readonly [number, string])[] = []
  const errors: unknown[] = []
  const script = [...runs]
  const runScan: RunScan = (scanId, stop) => {
    begun.push([clock.monotonic() / 1_000, scanId])
    return (script.shift() ?? end)(scanId, store.scans, stop)
  }
  let created = 0
  const create = async (isTold: boolean) => {
    const id = `s${++created}`
    await store.scans.create(newScan({ id, population: { ...EVERYBODY, groups: [id] } }))
    if (isTold) dispatcher.noteCreated()
    return id
  }
  const log = pino({ level: 'error' }, { write: line => errors.push(JSON.parse(line)) })
  for (let n = 0; n < queued; n++) await create(false)
  const dispatcher = new LocalDispatcher({
    runToEnd: createRunToEnd({ runScan, scans: store.scans, clock, log }),
    scans: store.scans,
    nightly,
    clock,
  })
  return {
    dispatcher,
    scans: store.scans,
    clock,
    errors,
    create: () => create(true),
    takeRuns: () => begun.splice(0),
    async [Symbol.asyncDispose]() {
      const closing = dispatcher.close()
      await clock.advance(2_000)
      await closing
      await store.close()
    },
  }
}

const statusOf = async (scans: ScanStore, id: string) => (await scans.find(id))?.status

describe('a process that has its store for itself', () => {
  it('runs one scan after the other, and a new one without delay', async () => {
    await using started = await startDispatcher([], 2)
    const { clock, create, takeRuns, scans } = started
    await clock.advance(0)
    expect(takeRuns()).toEqual([
      [0, 's1'],
      [0, 's2'],
    ])
    await clock.advance(7_000)
    await create()
    await clock.advance(0)
    expect(takeRuns()).toEqual([[7, 's3']])
    expect(await statusOf(scans, 's3')).toBe('SUCCEEDED')
  })

  it('goes on with the scan that has begun before those that wait', async () => {
    await using started = await startDispatcher([pause], 2)
    const { clock, takeRuns } = started
    await clock.advance(60_000)
    expect(takeRuns()).toEqual([
      [0, 's1'],
      [5, 's1'],
      [5, 's2'],
    ])
  })

  it('asks more and more slowly while GenAuth is down', async () => {
    await using started = await startDispatcher(Array(7).fill(pause), 1)
    const { clock, takeRuns } = started
    await clock.advance(215_000)
    expect(takeRuns().map(([s]) => s)).toEqual([0, 5, 15, 35, 75, 135, 195])
  })

  it('begins the next scan within 5 s after a paused one was cancelled', async () => {
    await using started = await startDispatcher(Array(6).fill(pause), 2)
    const { clock, takeRuns, scans } = started
    await clock.advance(100_000)
    takeRuns()
    await scans.cancel('s1', 1)
    await clock.advance(5_000)
    expect(takeRuns().map(([, id]) => id)).toEqual(['s2'])
  })

  it('stops a running scan that was cancelled, and begins the next', async () => {
    await using started = await startDispatcher([untilStopped], 2)
    const { clock, dispatcher, takeRuns, scans } = started
    await clock.advance(1_000)
    await scans.cancel('s1', 1)
    dispatcher.noteCancelled('s2')
    await clock.advance(0)
    expect(takeRuns()).toEqual([[0, 's1']])
    dispatcher.noteCancelled('s1')
    await clock.advance(0)
    expect(takeRuns()).toEqual([[1, 's2']])
    expect(await statusOf(scans, 's1')).toBe('CANCELLED')
  })

  it('stops within 2 s, and leaves the scan to the next process', async () => {
    await using first = await startDispatcher([untilStopped], 1)
    await first.clock.advance(1_000)
    const closing = first.dispatcher.close()
    await first.clock.advance(0)
    await closing
    expect(await statusOf(first.scans, 's1')).toBe('RUNNING')
    expect(first.clock.scheduled).toBe(0)
    first.dispatcher.noteCreated()
    await first.clock.advance(100_000)
    expect(first.takeRuns()).toHaveLength(1)
  })

  it('stops within 2 s even if the run does not', async () => {
    await using hung = await startDispatcher([() => new Promise(() => {})], 1)
    await hung.clock.advance(1_000)
    let isClosed = false
    void hung.dispatcher.close().then(() => {
      isClosed = true
    })
    await hung.clock.advance(1_999)
    expect(isClosed).toBe(false)
    await hung.clock.advance(1)
    expect(isClosed).toBe(true)
  })

  it('waits for a store that cannot be used, without a word of its own', async () => {
    await using started = await startDispatcher([lackStore, lackStore], 1)
    const { clock, takeRuns, scans, errors } = started
    await clock.advance(20_000)
    expect(takeRuns().map(([s]) => s)).toEqual([0, 5, 15])
    expect(await statusOf(scans, 's1')).toBe('SUCCEEDED')
    expect(errors).toEqual([])
  })

  it('logs a fault of the run, and tries again', async () => {
    await using started = await startDispatcher([goWrong], 1)
    const { clock, scans, errors } = started
    await clock.advance(20_000)
    expect(await statusOf(scans, 's1')).toBe('SUCCEEDED')
    expect(errors).toMatchObject([{ scan: 's1', msg: 'unexpected error' }])
  })

  it('does not spin on a scan that runs elsewhere', async () => {
    const elsewhere: Run = async () => 'ANOTHER_RUNS'
    await using started = await startDispatcher(Array(4).fill(elsewhere), 1)
    const { clock, takeRuns } = started
    await clock.advance(19_000)
    expect(takeRuns().map(([s]) => s)).toEqual([0, 5, 10, 15])
  })

  it('keeps the newest five scans that have ended', async () => {
    await using started = await startDispatcher([], 5)
    const { clock, scans, create } = started
    await clock.advance(0)
    for (const _ of [6, 7]) {
      await create()
      await clock.advance(0)
    }
    expect((await scans.newest(10)).map(({ id }) => id)).toEqual(['s7', 's6', 's5', 's4', 's3'])
  })

  it('starts the nightly scan at its hour, by a clock that may be set', async () => {
    const started: string[] = []
    const schedule = parseCron('30 2 * * *')
    if (schedule === null) throw new Error('a schedule of every night')
    let hand: HandClock | null = null
    const start = async () => void started.push(new Date(hand?.now() ?? 0).toISOString())
    await using night = await startDispatcher([], 0, { schedule, start })
    hand = night.clock
    await night.clock.advance(2 * 3_600_000 + 29 * 60_000)
    expect(started).toEqual([])
    await night.clock.advance(47 * 3_600_000)
    expect(started).toEqual(['2030-01-01T02:30:00.000Z', '2030-01-02T02:30:00.000Z'])
    await night.dispatcher.close()
    await night.clock.advance(48 * 3_600_000)
    expect(started).toHaveLength(2)
  })
})
