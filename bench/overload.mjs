// Measures an overload: an open loop at twice the capacity that was measured just before, from another
// process than the server's.
//
//   npm run build && node bench/overload.mjs [--seconds 60] [--repeats 5] [--factor 2] [--writes 0.2] [--server dist/main.js]
//
// `--server` takes the build of another commit, to compare with. `--rate` fixes the requests per second, so
// that two builds get the same.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'
import {
  BUILT_SERVER,
  measureCapacity,
  percentile,
  print,
  readOptions,
  send,
  startServer,
  startUpstream,
} from './stand.mjs'

const options = readOptions({
  seconds: 60,
  repeats: 5,
  factor: 2,
  writes: 0.2,
  rate: 0,
  server: BUILT_SERVER,
})
/** As many as gateways and load balancers keep open. */
const CONNECTIONS = 1_024
/** The server has recovered when so many probes in a row get a result well within this time. */
const GOOD_PROBES = 10
const GOOD_PROBE_MS = 100

/** A busy Node accepts one new connection in a round of its loop, so the connections are opened before the overload. */
async function openConnections(pool) {
  const ask = async () => (await pool.request({ path: '/health', method: 'GET' })).body.dump()
  await Promise.all(Array.from({ length: CONNECTIONS }, ask))
}

async function overload(pool, upstream, rate) {
  const results = []
  const pending = new Set()
  const ownDelay = monitorEventLoopDelay({ resolution: 5 })
  ownDelay.enable()
  const startedAtMs = performance.now()
  let due = 0
  while (performance.now() - startedAtMs < options.seconds * 1_000) {
    const dueAtMs = startedAtMs + (due * 1_000) / rate
    if (dueAtMs > performance.now()) {
      await sleep(1)
      continue
    }
    due++
    const sent = send(pool, upstream, dueAtMs, options.writes).then(result => {
      results.push(result)
      pending.delete(sent)
    })
    pending.add(sent)
  }
  ownDelay.disable()
  return {
    results,
    pending,
    elapsedMs: performance.now() - startedAtMs,
    ownDelayMs: ownDelay.percentile(99) / 1e6,
  }
}

async function measureRecovery(pool, upstream) {
  const startedAtMs = performance.now()
  let good = 0
  let firstGoodAtMs = 0
  while (good < GOOD_PROBES) {
    const sentAtMs = performance.now()
    const { outcome, ms } = await send(pool, upstream, sentAtMs, 0)
    const isGood = outcome === 'accepted' && ms < GOOD_PROBE_MS
    if (isGood && good === 0) firstGoodAtMs = sentAtMs
    good = isGood ? good + 1 : 0
    if (performance.now() - startedAtMs > 60_000) return Number.NaN
    await sleep(20)
  }
  return firstGoodAtMs - startedAtMs
}

async function repeat(upstream) {
  const server = await startServer(upstream, { script: options.server })
  const pool = new Pool(server.url, {
    connections: CONNECTIONS,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  const probes = new Pool(server.url, { connections: 1 })
  try {
    const capacity = await measureCapacity(pool, upstream, options.writes)
    const rate = options.rate || capacity * options.factor
    await openConnections(pool)
    const { results, pending, elapsedMs, ownDelayMs } = await overload(pool, upstream, rate)
    const recoveryMs = await measureRecovery(probes, upstream)
    await Promise.all(pending)
    const of = (outcome, kind) =>
      results.filter(r => r.outcome === outcome && (kind === undefined || r.kind === kind))
    const times = list => list.map(({ ms }) => ms)
    const share = kind => of('accepted', kind).length / results.filter(r => r.kind === kind).length
    const others = {}
    for (const { outcome } of results)
      if (outcome !== 'accepted' && outcome !== 'refused') others[outcome] = (others[outcome] ?? 0) + 1
    return {
      capacity,
      offered: results.length / (elapsedMs / 1_000),
      goodput: of('accepted').length / (elapsedMs / 1_000),
      'accepted p50 ms': percentile(times(of('accepted')), 0.5),
      'accepted p99 ms': percentile(times(of('accepted')), 0.99),
      'refused p50 ms': percentile(times(of('refused')), 0.5),
      'refused p99 ms': percentile(times(of('refused')), 0.99),
      'reads accepted %': 100 * share('read'),
      'writes accepted %': 100 * share('write'),
      'neither accepted nor refused %':
        (100 * Object.values(others).reduce((sum, n) => sum + n, 0)) / results.length,
      'recovery ms': recoveryMs,
      'own loop delay p99 ms': ownDelayMs,
      others,
    }
  } finally {
    await Promise.all([pool.destroy(), probes.destroy()])
    await server.stop()
  }
}

const upstream = await startUpstream()
const rows = []
for (let run = 1; run <= options.repeats; run++) {
  const { others, ...row } = await repeat(upstream)
  rows.push(row)
  print(
    `run ${run}: ${Object.entries(row)
      .map(([name, value]) => `${name} ${Math.round(value)}`)
      .join(', ')}; ${JSON.stringify(others)}`,
  )
}
upstream.stop()
print(`\n${'figure'.padEnd(32)}${['min', 'median', 'max'].map(name => name.padStart(9)).join('')}`)
for (const name of Object.keys(rows[0])) {
  const values = rows.map(row => row[name]).toSorted((a, b) => a - b)
  const shown = [values[0], percentile(values, 0.5), values.at(-1)].map(value => value.toFixed(0).padStart(9))
  print(`${name.padEnd(32)}${shown.join('')}`)
}
