import { type Clock, systemClock } from '../../src/base/clock.ts'
import { EVERY_ROW } from '../../src/coverage/coverage-filter.ts'
import type { CoverageRow } from '../../src/coverage/coverage-row.ts'
import type { ScanRun } from '../../src/coverage/run-scan.ts'
import type { Scan } from '../../src/coverage/scan.ts'
import type { ScanConclusion } from '../../src/coverage/scan-journal.ts'
import type { NewScan, ScanStore } from '../../src/coverage/scan-store.ts'
import { createRunScan } from '../../src/coverage/scanning/create-run-scan.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts'
import type { StoreTarget } from '../../src/store/store-target.ts'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'
import { createClient } from './sandbox-client.ts'
import { newScan } from './scans.ts'
import { openStore } from './stores.ts'

/** More than a test makes, so that no test waits for a permit. */
const MAX_RPS = 20_000

/** A deadline is later. Any other wait is over immediately. */
const DEADLINE_MS = 30_000
const HASTY: Clock = {
  ...systemClock,
  after: (ms, work) => systemClock.after(ms < DEADLINE_MS ? 0 : ms, work),
}

export interface ScanWorld extends AsyncDisposable {
  readonly sandbox: Sandbox
  readonly proxy: FaultProxy
  readonly store: ScanStore
  readonly conclusions: readonly ScanConclusion[]
  create(wish?: Partial<NewScan>): Promise<string>
  run(scanId: string, stop?: AbortSignal): Promise<ScanRun>
  /** Creates a scan and runs it once. */
  scan(wish?: Partial<NewScan>): Promise<ScannedPool>
  find(scanId: string): Promise<ScannedPool>
}

export interface ScannedPool {
  readonly run: ScanRun | null
  readonly scan: Scan
  readonly rows: readonly CoverageRow[]
}

/** Starts the sandbox, a proxy before it, and a store: all that a scan needs. */
export async function startScanWorld(
  target: StoreTarget,
  options: Partial<SandboxOptions> = {},
): Promise<ScanWorld> {
  const sandbox = await startSandbox({ port: 0, maxRequestsPerSecond: 10 * MAX_RPS, ...options })
  const proxy = await startFaultProxy(sandbox.url)
  const { accessKeyId, accessKeySecret } = sandbox
  const client = createClient({ url: proxy.url, accessKeyId, accessKeySecret }, { maxRps: MAX_RPS })
  const opened = await openStore(target)
  const { scans: store } = opened.store
  const conclusions: ScanConclusion[] = []
  const runScan = createRunScan({
    store,
    upstreamFor: client.upstreamFor,
    maxRps: MAX_RPS,
    journal: { recordScanEnd: async conclusion => void conclusions.push(conclusion) },
    clock: HASTY,
  })

  async function find(scanId: string): Promise<ScannedPool> {
    const scan = await store.find(scanId)
    if (scan === null) throw new Error('There is no such scan')
    const query = { filter: EVERY_ROW, order: 'SCANNED', after: 0, first: 100_000 } as const
    const { rows } = await store.rows(scanId, query)
    return { run: null, scan, rows: rows.map(({ row }) => row) }
  }

  async function create(wish: Partial<NewScan> = {}): Promise<string> {
    const created = await store.create(newScan(wish))
    if (created.kind !== 'CREATED') throw new Error(created.kind)
    return created.scan.id
  }

  const run = (scanId: string, stop = new AbortController().signal) => runScan(scanId, stop)

  return {
    sandbox,
    proxy,
    store,
    conclusions,
    create,
    run,
    find,
    async scan(wish) {
      const scanId = await create(wish)
      const end = await run(scanId)
      return { ...(await find(scanId)), run: end }
    },
    async [Symbol.asyncDispose]() {
      await client.close()
      await opened[Symbol.asyncDispose]()
      await proxy[Symbol.asyncDispose]()
      await sandbox.close()
    },
  }
}
