import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { CoverageSummary } from '../../src/coverage/coverage-summary.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { startIssuer } from '../support/issuer.ts'
import { HAS_POSTGRES, startPostgres } from '../support/postgres.ts'
import { graphqlUrl, type Program, startProgram } from '../support/program.ts'
import { HAS_REDIS, startRedis } from '../support/redis.ts'
import { newScan } from '../support/scans.ts'
import { openStore, toTarget, useStores } from '../support/stores.ts'

const { newUrl } = await useStores()

const USERS = 400
/** When a scan loses its process. */
const AT = 0.4 * USERS
/** A scan uses half of it: it lasts for ten seconds, so that another process can start meanwhile. */
const SLOWLY = { GENAUTH_MAX_RPS: '80' }
const FAST = { GENAUTH_MAX_RPS: '2000' }
/** A page of the list, and the calls that were in flight. */
const MAX_READ_TWICE = 200
const LONG = { tags: 'long', timeout: 90_000 } as const
const SOON = { timeout: 45_000, interval: 20 }

/** A pool of users, and processes that scan it. All of them have the same store. */
async function startWorld(storeUrl: string, env: Readonly<Record<string, string>> = {}) {
  const reads = new Map<string, number>()
  const sandbox = await startSandbox({
    port: 0,
    userCount: USERS,
    maxRequestsPerSecond: 1_000_000,
    onRequest({ endpoint, params }) {
      if (endpoint !== 'get-user-mfa-info') return
      const id = String(params['userId'])
      reads.set(id, (reads.get(id) ?? 0) + 1)
    },
  })
  const issuer = await startIssuer()
  const programs: Program[] = []
  /** The processes find the scan in the store. */
  async function withScans<T>(
    work: (scans: Awaited<ReturnType<typeof openStore>>['store']['scans']) => Promise<T>,
  ) {
    await using opened = await openStore(toTarget(storeUrl), {
      userPoolId: () => sandbox.userPoolId,
      isAlone: false,
    })
    return await work(opened.store.scans)
  }
  const count = () => [...reads.values()].reduce((sum, n) => sum + n, 0)
  return {
    count,
    /** The users who were read more than once. */
    readTwice: () => [...reads.values()].filter(n => n > 1).length,
    async createScan(): Promise<string> {
      const scan = newScan()
      await withScans(scans => scans.create(scan))
      return scan.id
    },
    async start(speed: typeof SLOWLY): Promise<Program> {
      const program = startProgram([], {
        PORT: '0',
        STORE_URL: storeUrl,
        GENAUTH_URL: sandbox.url,
        GENAUTH_ACCESS_KEY_ID: sandbox.accessKeyId,
        GENAUTH_ACCESS_KEY_SECRET: sandbox.accessKeySecret,
        GENAUTH_USER_POOL_ID: sandbox.userPoolId,
        AUDIT_LOG: 'stdout',
        SHUTDOWN_DELAY_MS: '0',
        ...issuer.env,
        ...env,
        ...speed,
      })
      programs.push(program)
      await graphqlUrl(program)
      return program
    },
    untilRead: (users: number) => vi.waitUntil(() => count() >= users, SOON),
    untilEnded: (program: Program) => vi.waitUntil(() => hasEnded(program), SOON),
    /** What the store says of the scan in the end. A file can be opened when its process is gone. */
    result: (id: string) =>
      withScans(async scans => ({ scan: await scans.find(id), summary: await scans.summary(id) })),
    async [Symbol.asyncDispose]() {
      for (const program of programs) {
        program.process.kill('SIGCONT')
        await program[Symbol.asyncDispose]()
      }
      await issuer[Symbol.asyncDispose]()
      await sandbox.close()
    },
  }
}

const hasEnded = (program: Program) => program.stdout().includes('"kind":"scanEnded"')

async function stop(program: Program, signal: NodeJS.Signals): Promise<void> {
  program.process.kill(signal)
  await program.exitCode()
}

/** Of an undisturbed scan. */
let undisturbed: CoverageSummary | null = null
const WHOLE = { status: 'SUCCEEDED', seen: 0, unreadable: 0, isWhole: true }

beforeAll(async () => {
  await using world = await startWorld(await newUrl('file'))
  const id = await world.createScan()
  const program = await world.start(FAST)
  await world.untilEnded(program)
  await stop(program, 'SIGTERM')
  const { scan, summary } = await world.result(id)
  WHOLE.seen = scan?.expected ?? 0
  expect(scan).toMatchObject(WHOLE)
  expect(world.readTwice()).toBe(0)
  undisturbed = summary
}, 60_000)

describe('a scan whose only process', () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)('gets %s goes on at the next start', LONG, async signal => {
    await using world = await startWorld(await newUrl('file'))
    const id = await world.createScan()
    const first = await world.start(SLOWLY)
    await world.untilRead(AT)
    await stop(first, signal)
    const second = await world.start(FAST)
    await world.untilEnded(second)
    await stop(second, 'SIGTERM')
    const { scan, summary } = await world.result(id)
    expect(scan).toMatchObject(WHOLE)
    expect(summary).toEqual(undisturbed)
    expect(world.readTwice()).toBeLessThanOrEqual(MAX_READ_TWICE)
  })
})

describe.runIf(HAS_POSTGRES && HAS_REDIS)('a scan whose replica', () => {
  it.each([
    ['is killed', 'SIGKILL', 15_000],
    ['hangs', 'SIGSTOP', 15_000],
    ['stops', 'SIGTERM', 4_000],
  ] as const)('%s goes on with another one', LONG, async (_what, signal, withinMs) => {
    await using redis = await startRedis()
    const env = { REDIS_URL: redis.url, REDIS_TIMEOUT_MS: '2000' }
    await using world = await startWorld(await newUrl('postgres'), env)
    const id = await world.createScan()
    const first = await world.start(SLOWLY)
    // There is no other replica yet, so the scan runs on this one.
    await world.untilRead(1)
    const second = await world.start(FAST)
    await world.untilRead(AT)
    first.process.kill(signal)
    const stoppedAtMs = Date.now()
    await sleep(100)
    await world.untilRead(world.count() + 1)
    expect(Date.now() - stoppedAtMs).toBeLessThan(withinMs)
    await world.untilEnded(second)
    await sleep(200)
    const ended = await world.result(id)
    expect(ended.scan).toMatchObject(WHOLE)
    expect(ended.summary).toEqual(undisturbed)
    expect(world.readTwice()).toBeLessThanOrEqual(MAX_READ_TWICE)
    if (signal === 'SIGSTOP') {
      const readBefore = world.count()
      first.process.kill('SIGCONT')
      await sleep(3_000)
      expect(await world.result(id)).toEqual(ended)
      expect(world.count() - readBefore).toBeLessThanOrEqual(8)
    }
  })

  it('loses Redis, and then PostgreSQL for a while, goes on', LONG, async () => {
    await using redis = await startRedis()
    await using postgres = await startPostgres()
    const env = { REDIS_URL: redis.url, REDIS_TIMEOUT_MS: '2000' }
    await using world = await startWorld(await postgres.createDatabase(), env)
    const id = await world.createScan()
    const first = await world.start(SLOWLY)
    await world.untilRead(1)
    const second = await world.start(SLOWLY)
    await redis.kill()
    await redis.start()
    await world.untilRead(AT)
    await postgres.kill()
    await sleep(1_000)
    await postgres.start()
    await vi.waitUntil(() => [first, second].some(hasEnded), SOON)
    await sleep(200)
    const { scan, summary } = await world.result(id)
    expect(scan).toMatchObject(WHOLE)
    expect(summary).toEqual(undisturbed)
    expect(world.readTwice()).toBeLessThanOrEqual(MAX_READ_TWICE)
  })
})
