// Kills the server that runs a scan, or freezes it, again and again. Does the scan come out as if nothing had
// happened, and how much is read twice?
//
//   npm run build && node bench/scan-kills.mjs [--engine both|file|postgres] [--users 3000] [--rps 300] [--times 3] [--at 0.4]
//
// `file` is one server with SQLite, which is started again after a kill. `postgres` is two replicas with a
// PostgreSQL and a Redis, which are started on free ports. There the other replica must take over. First a scan
// is left alone. Then one is killed with -9 when GenAuth has been asked about the share `--at` of the users, as
// often as `--times` says. `--at 0` is a random share each time. Then one is frozen with SIGSTOP, and woken
// again. With a file store that is 10 s later, with PostgreSQL once the other replica has ended the scan.
//
// These are promises, and a broken one is exit code 1:
//
// - the rows and counts are those of the scan that was left alone, and the scan is whole
// - at most 200 users are read twice
// - another replica goes on within 15 s
// - a replica that wakes up changes nothing
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { startSandbox } from '../dist/sandbox/sandbox.js'
import { readOptions } from './stand.mjs'
import { ACCESS_KEY, sleep, startLayer } from './support/layer.mjs'
import { startPostgres } from './support/postgres.mjs'
import { print } from './support/print.mjs'
import { startRedis } from './support/redis.mjs'
import { createScans } from './support/scans.mjs'
import { startTcpSwitch } from './support/tcp-switch.mjs'

const options = readOptions({ engine: 'both', users: 3_000, rps: 300, times: 3, at: 0.4 })
const MOST_READ_TWICE = 200
const TAKEN_OVER_WITHIN_MS = 15_000
const FROZEN_MS = 10_000
const WATCHED_AFTER_WAKING_MS = 10_000
const ENDS_WITHIN_MS = 600_000
const BINDINGS = 'get-user-mfa-info'

const broken = []
const engines = options.engine === 'both' ? ['file', 'postgres'] : [options.engine]
for (const engine of engines) await runEngine(engine)
for (const promise of broken) print({ 'BROKEN PROMISE': promise })
if (broken.length === 0) print({ 'broken promises': 'none' })
process.exit(broken.length === 0 ? 0 : 1)

async function runEngine(engine) {
  const stand = await startStand(engine)
  const quiet = await runScan(stand, async () => {})
  report(engine, 'left alone', quiet)
  if (!quiet.scan.isWhole) broken.push(`${engine}: the scan that was left alone is not whole`)
  for (let time = 1; time <= options.times; time++) {
    const killed = await runScan(stand, () => stand.kill())
    report(engine, `kill ${time}`, killed, quiet)
  }
  const frozen = await runScan(stand, scanId => stand.freeze(scanId))
  report(engine, 'frozen', frozen, quiet)
  await stand.close()
}

/** Starts GenAuth, the store and the servers. */
async function startStand(engine) {
  const folder = mkdtempSync(join(tmpdir(), 'scan-kills-'))
  const arrivals = []
  const genauth = await startSandbox({
    ...ACCESS_KEY,
    port: 0,
    userCount: options.users,
    maxRequestsPerSecond: 1_000_000,
    onRequest: ({ endpoint, params }) => arrivals.push({ endpoint, userId: params.userId, atMs: Date.now() }),
  })
  const postgres = engine === 'postgres' ? await startPostgres() : null
  const redis = engine === 'postgres' ? await startRedis() : null
  const shared = {
    GENAUTH_MAX_RPS: `${options.rps}`,
    STORE_URL: (await postgres?.createDatabase('scans')) ?? `file:${join(folder, 'store.db')}`,
    ...(redis === null ? {} : { REDIS_URL: redis.url }),
  }
  const servers = []
  for (let n = 0; n < (engine === 'postgres' ? 2 : 1); n++) servers.push(await startServer(genauth, shared))

  /** Only the server that runs the scan talks to GenAuth. */
  async function findRunning() {
    const before = servers.map(({ address }) => address.chunks())
    await sleep(500)
    const passed = servers.map(({ address }, n) => address.chunks() - before[n])
    return passed.indexOf(Math.max(...passed))
  }

  async function untilAskedAgain(sinceMs) {
    const endsAtMs = Date.now() + ENDS_WITHIN_MS
    while (Date.now() < endsAtMs) {
      const next = arrivals.find(({ endpoint, atMs }) => endpoint === BINDINGS && atMs > sinceMs)
      if (next !== undefined) return next.atMs - sinceMs
      await sleep(20)
    }
    throw new Error('Nobody goes on with the scan')
  }

  return {
    arrivals,
    /** Returns scans as a caller of a server that answers. */
    scans: () => servers.find(({ isFrozen }) => !isFrozen).scans,
    async kill() {
      const running = await findRunning()
      const { layer, address } = servers[running]
      await layer.kill()
      const killedAtMs = Date.now()
      await layer.close()
      address.close()
      // First the calls on their way to GenAuth arrive.
      await sleep(50)
      const since = Date.now()
      if (servers.length === 1) servers[running] = await startServer(genauth, shared)
      const wentOnAfterMs = (await untilAskedAgain(since)) + since - killedAtMs
      if (servers.length > 1) servers[running] = await startServer(genauth, shared)
      return { wentOnAfterMs }
    },
    async freeze(scanId) {
      const running = await findRunning()
      const server = servers[running]
      server.layer.pause()
      server.isFrozen = true
      const since = Date.now()
      if (servers.length === 1) {
        await sleep(FROZEN_MS)
        server.layer.resume()
        server.isFrozen = false
        return { wentOnAfterMs: await untilAskedAgain(since + FROZEN_MS) }
      }
      const wentOnAfterMs = await untilAskedAgain(since + 50)
      const scans = this.scans()
      await scans.untilEnded(scanId, { withinMs: ENDS_WITHIN_MS, everyMs: 500 })
      const before = await toFingerprint(scans, scanId)
      server.layer.resume()
      await sleep(WATCHED_AFTER_WAKING_MS)
      server.isFrozen = false
      const after = await toFingerprint(scans, scanId)
      if (before !== after) broken.push('postgres: a replica that woke up changed the scan')
      return { wentOnAfterMs }
    },
    async close() {
      for (const { layer, address } of servers) {
        await layer.close()
        address.close()
      }
      await genauth.close()
      await redis?.kill()
      await postgres?.close()
      rmSync(folder, { recursive: true })
    },
  }
}

async function startServer(genauth, env) {
  const address = await startTcpSwitch(Number(new URL(genauth.url).port))
  const layer = await startLayer(`http://127.0.0.1:${address.port}`, env)
  return { layer, address, scans: createScans(await layer.poster('kills')), isFrozen: false }
}

/** Runs one scan, and disturbs it once when the share of users has been asked about. */
async function runScan(stand, disturb) {
  const share = options.at === 0 ? 0.05 + Math.random() * 0.9 : options.at
  const from = stand.arrivals.length
  const startedAtMs = performance.now()
  const { id } = await stand.scans().start({ depth: 'BINDINGS', budgetShare: 1 })
  const reads = () => stand.arrivals.slice(from).filter(({ endpoint }) => endpoint === BINDINGS)
  const expected = await untilExpected(stand, id)
  while (reads().length < share * expected) await sleep(20)
  const more = await disturb(id)
  const scan = await stand.scans().untilEnded(id, { withinMs: ENDS_WITHIN_MS, everyMs: 250 })
  const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(1)
  const { rows, summary } = await stand.scans().read(id)
  const read = new Set(reads().map(({ userId }) => userId))
  return {
    scan,
    seconds,
    digest: toDigest({ summary, rows: rows.map(({ readAt, ...row }) => row).sort(byUser) }),
    users: read.size,
    readTwice: reads().length - read.size,
    calls: stand.arrivals.length - from,
    ...more,
  }
}

async function untilExpected(stand, id) {
  for (;;) {
    const { expected } = await stand.scans().look(id)
    if (expected !== null) return expected
    await sleep(20)
  }
}

function report(engine, what, result, quiet = result) {
  const { scan, seconds, digest, users, readTwice, calls, wentOnAfterMs = null } = result
  const isSame = digest === quiet.digest
  print({
    [`${engine}, ${what}`]: {
      ...{ status: scan.status, isWhole: scan.isWhole, seen: scan.seen, users, readTwice, calls },
      ...{ upstreamCalls: scan.upstreamCalls, seconds, wentOnAfterMs, isSame },
    },
  })
  if (!isSame) broken.push(`${engine}, ${what}: other rows or counts`)
  if (scan.status !== 'SUCCEEDED' || !scan.isWhole) broken.push(`${engine}, ${what}: not whole`)
  if (readTwice > MOST_READ_TWICE) broken.push(`${engine}, ${what}: ${readTwice} users are read twice`)
  if (engine === 'postgres' && wentOnAfterMs > TAKEN_OVER_WITHIN_MS) {
    broken.push(`${engine}, ${what}: taken over after ${wentOnAfterMs} ms`)
  }
}

/** The scan and all of its rows, with their times. */
async function toFingerprint(scans, id) {
  const { rows, summary } = await scans.read(id)
  return toDigest({ scan: await scans.look(id), summary, rows })
}

function toDigest(value) {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}

function byUser(left, right) {
  return left.userId < right.userId ? -1 : 1
}
