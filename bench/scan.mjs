// Measures the reads of people beside a scan of many users: does a scan make them slower?
//
//   npm run build && node bench/scan.mjs [--rates 200,280] [--seconds 20] [--rounds 4] [--budget 300]
//                                        [--share 0.5] [--users 100000] [--replicas 1|2]
//   node bench/scan.mjs --case whole [--users 10000]
//
// Open loop: reads come at random, at the same moments in each round. Rounds alone and rounds beside a scan
// alternate, and each pair begins with the other one. A ratio compares the two rounds of a pair, so it holds on a
// machine that is busy with something else for the whole pair. The median of all pairs is printed.
//
// With two replicas the scan runs on one, and people read from the other. They share the budget in Redis. That needs
// `redis-server` and PostgreSQL, which are started on free ports and ended again.
//
// `--case whole` measures one scan with nobody beside it: its seconds, its calls, and the memory of the server.
//
// The callers live in this process. The layer, the stand-in for GenAuth (15 ms), Redis and PostgreSQL each have one of
// their own, placed as for throttle.mjs.
import { readFileSync } from 'node:fs'
import { percentile, readOptions } from './stand.mjs'
import { CORES } from './support/cores.mjs'
import { startCounter } from './support/counter.mjs'
import { toPeaks } from './support/counting-genauth.mjs'
import { sleep, startLayer, toCounts } from './support/layer.mjs'
import { print, toPercent } from './support/print.mjs'
import { createRandom } from './support/random.mjs'
import { createScans } from './support/scans.mjs'

const options = readOptions({
  case: 'people',
  rates: '200,280',
  seconds: 20,
  rounds: 4,
  budget: 300,
  share: 0.5,
  users: 0,
  replicas: 1,
})
const LATENCY_MS = 15
const CALLERS = 10
/** After the start of a scan, and after its end, the second before still counts. */
const SETTLE_MS = 3_000
const WARM_UP_S = 5
/** Of the medians, and of the 99th percentiles. */
const TARGETS = { p50: 1.5, p99: 2 }
const IN_POOL = { people: 100_000, whole: 10_000 }

const counter = await startCounter({
  latencyMs: LATENCY_MS,
  users: options.users || IN_POOL[options.case],
})
const { scanning, serving, close } = await (options.replicas === 2 ? startTwo() : startOne())
const scans = createScans(await scanning.poster('security-lead'))
const callers = await Promise.all(
  Array.from({ length: CALLERS }, (_, index) => serving.caller(`caller-${index}`)),
)
const places = counter.placeCallers()
try {
  if (options.case === 'whole') print(await measureWhole())
  else await measurePeople()
} finally {
  await close()
  counter.close()
}

async function startOne() {
  const { mkdtempSync, rmSync } = await import('node:fs')
  const { tmpdir } = await import('node:os')
  const { join } = await import('node:path')
  const folder = mkdtempSync(join(tmpdir(), 'scan-'))
  const layer = await start({ STORE_URL: `file:${join(folder, 'store.db')}` })
  return {
    scanning: layer,
    serving: layer,
    async close() {
      await layer.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** A replica without a store runs no scan. */
async function startTwo() {
  const { startRedis } = await import('./support/redis.mjs')
  const { startPostgres } = await import('./support/postgres.mjs')
  const [redis, postgres] = await Promise.all([startRedis(), startPostgres()])
  const shared = { REDIS_URL: redis.url, REDIS_REPLICAS: '2' }
  const scanning = await start({ ...shared, STORE_URL: await postgres.createDatabase('scans') })
  const serving = await start(shared)
  return {
    scanning,
    serving,
    async close() {
      await Promise.all([scanning.close(), serving.close()])
      await Promise.all([redis.kill(), postgres.close()])
    },
  }
}

function start(env) {
  return startLayer(
    counter.url,
    { GENAUTH_MAX_RPS: `${options.budget}`, REQUEST_DEADLINE_MS: '10000', ...env },
    { core: CORES.servers },
  )
}

/** Reads at random moments, which the seed decides. Each time is from the moment at which its read was due. */
async function read(perSecond, seconds, seed) {
  const random = createRandom(seed)
  const answers = []
  const pending = []
  const cpuBeforeS = readCpuS(serving.pid)
  const beganAtMs = performance.now()
  let dueAtMs = beganAtMs
  for (let n = 0; dueAtMs < beganAtMs + seconds * 1_000; n++) {
    dueAtMs += (-Math.log(1 - random.next()) * 1_000) / perSecond
    while (dueAtMs > performance.now()) await sleep(1)
    const dueMs = dueAtMs
    const ask = random.pick(callers)
    pending.push(
      ask('read', `user-${seed}-${n}`).then(({ startedAtMs, ms, isOk, code }) => {
        answers.push({ ms: startedAtMs + ms - dueMs, isOk, code })
      }),
    )
  }
  await Promise.all(pending)
  const cpuS = readCpuS(serving.pid) - cpuBeforeS
  const times = answers.map(({ ms }) => ms)
  return {
    answers: answers.length,
    failed: toCounts(answers.filter(({ isOk }) => !isOk).map(({ code }) => code)),
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    p99: percentile(times, 0.99),
    /** The part of a core that the layer used. It hardly depends on what else the machine does. */
    cpu: (cpuS * 1_000) / (performance.now() - beganAtMs),
  }
}

async function readBesideScan(...round) {
  const { id } = await scans.start({ budgetShare: options.share })
  await sleep(SETTLE_MS)
  const before = { ...(await scans.look(id)), atMs: performance.now() }
  const found = await read(...round)
  const after = { ...(await scans.look(id)), atMs: performance.now() }
  if (after.status !== 'RUNNING') throw new Error(`The scan is ${after.status}: give it more --users`)
  await scans.cancel(id)
  await sleep(SETTLE_MS)
  return { ...found, scanned: ((after.seen - before.seen) * 1_000) / (after.atMs - before.atMs) }
}

async function measurePeople() {
  await read(options.budget / 3, WARM_UP_S, 0)
  print({ 'cores and priorities': places, replicas: options.replicas, 'budget a second': options.budget })
  for (const rate of `${options.rates}`.split(',').map(Number)) {
    const pairs = []
    for (let round = 1; round <= options.rounds; round++) {
      const alone = () => read(rate, options.seconds, round)
      const beside = () => readBesideScan(rate, options.seconds, round)
      const isAloneFirst = round % 2 === 1
      const first = await (isAloneFirst ? alone() : beside())
      await sleep(SETTLE_MS)
      const second = await (isAloneFirst ? beside() : alone())
      await sleep(SETTLE_MS)
      const pair = isAloneFirst ? { alone: first, beside: second } : { alone: second, beside: first }
      pairs.push(pair)
      print({ [`${rate} a second, pair ${round}`]: describe(pair) })
    }
    print(summarize(rate, pairs))
  }
  const { arrivals, lateByMs } = await counter.tell()
  print({
    'most in any 1,000 ms': toPeaks(arrivals).sliding,
    'the counter itself late by, ms, p99 and at most': lateByMs,
  })
}

function describe({ alone, beside }) {
  const shown = ({ p50, p95, p99 }) => [p50, p95, p99].map(ms => Math.round(ms)).join('/')
  return `alone ${shown(alone)} ms, beside ${shown(beside)} ms (p50/p95/p99), scan ${Math.round(beside.scanned)} users a second`
}

function summarize(rate, pairs) {
  const of = (kind, name) =>
    percentile(
      pairs.map(pair => pair[kind][name]),
      0.5,
    )
  const lines = ['p50', 'p95', 'p99'].map(name => {
    const ratio = percentile(
      pairs.map(({ alone, beside }) => beside[name] / alone[name]),
      0.5,
    )
    const target = TARGETS[name] === undefined ? '' : `, at most ${TARGETS[name]}`
    const text = `alone ${of('alone', name).toFixed(1)} ms, beside ${of('beside', name).toFixed(1)} ms, ratio ${ratio.toFixed(2)}${target}`
    return [`${rate} a second, ${name}`, text]
  })
  const all = pairs.flatMap(({ alone, beside }) => [alone, beside])
  const failed = all.flatMap(({ failed }) => Object.entries(failed))
  const answers = all.reduce((sum, round) => sum + round.answers, 0)
  const failures = failed.reduce((sum, [, count]) => sum + count, 0)
  return {
    ...Object.fromEntries(lines),
    [`${rate} a second, part of a core used by the layer`]: `alone ${toPercent(of('alone', 'cpu'))}, beside ${toPercent(of('beside', 'cpu'))}`,
    [`${rate} a second, users scanned a second`]: of('beside', 'scanned').toFixed(1),
    [`${rate} a second, not answered well`]: `${failures} of ${answers}, ${toPercent(failures / answers)} ${JSON.stringify(failed)}`,
  }
}

async function measureWhole() {
  await read(50, WARM_UP_S, 0)
  await sleep(SETTLE_MS)
  const before = (await counter.tell()).arrivals.length
  const memoryBefore = readMemoryMb(scanning.pid)
  let memory = memoryBefore
  const beganAtMs = performance.now()
  const { id } = await scans.start({ budgetShare: options.share })
  const ended = scans.untilEnded(id, { withinMs: 3_600_000, everyMs: 500 })
  let isOver = false
  void ended.finally(() => {
    isOver = true
  })
  while (!isOver) {
    memory = Math.max(memory, readMemoryMb(scanning.pid))
    await sleep(200)
  }
  const { status, isWhole, seen, upstreamCalls } = await ended
  const { arrivals } = await counter.tell()
  return {
    'cores and priorities': places,
    scan: `${status}, ${isWhole ? 'whole' : 'not whole'}, ${seen} users`,
    'seconds (10,000 users: at most 80)': ((performance.now() - beganAtMs) / 1_000).toFixed(1),
    'calls as GenAuth counts them (10,000 users: at most 10,435)': arrivals.length - before,
    'calls as the scan counts them': upstreamCalls,
    'most in any 1,000 ms': toPeaks(arrivals.slice(before)).sliding,
    'resident memory, MB more at most (at most 40)': (memory - memoryBefore).toFixed(1),
  }
}

/** Returns the processor time that a process has used so far, in seconds. The kernel counts hundredths. */
function readCpuS(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function readMemoryMb(pid) {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(kilobytes) / 1_024
}
