// Runs for a long time below capacity with a GenAuth that fails now and then. Does anything grow?
//
//   npm run build && node bench/soak.mjs [--minutes 10] [--load 0.7] [--faults 0.05] [--writes 0.2] [--server dist/main.js]
//
// Open loop, from another process than the server's, at a share of the capacity that was measured just
// before. A twentieth of GenAuth's replies is one of: a reset, a proxy's 503, its own 500, a cut body, no
// reply at all. Memory, file descriptors and sockets are read from /proc. The event loop lag is measured
// inside the server.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
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

const options = readOptions({ minutes: 10, load: 0.7, faults: 0.05, writes: 0.2, server: BUILT_SERVER })
const PROBE = fileURLToPath(new URL('./support/loop-probe.mjs', import.meta.url))
const CONNECTIONS = 256
const SAMPLE_EVERY_MS = 1_000
/** By then caches, pools and the optimiser have settled. */
const SETTLED_AFTER_MS = Math.min(2 * 60_000, (options.minutes * 60_000) / 2)

function sample(pid, atMs, probed) {
  const rssMb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1_024
  const targets = readdirSync(`/proc/${pid}/fd`).flatMap(fd => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)]
    } catch {
      return []
    }
  })
  const sockets = targets.filter(target => target.startsWith('socket:')).length
  return { atMs, rssMb, descriptors: targets.length, sockets, ...probed }
}

/** Fits a line by least squares, and returns how much a figure grows in a minute. */
function toSlopePerMinute(samples, name) {
  const mean = values => values.reduce((sum, value) => sum + value, 0) / values.length
  const [x, y] = [mean(samples.map(({ atMs }) => atMs)), mean(samples.map(each => each[name]))]
  const up = samples.reduce((sum, each) => sum + (each.atMs - x) * (each[name] - y), 0)
  return (60_000 * up) / samples.reduce((sum, each) => sum + (each.atMs - x) ** 2, 0)
}

const upstream = await startUpstream()
const server = await startServer(upstream, { script: options.server, nodeArguments: ['--import', PROBE] })
let probed = {}
server.child.on('message', message => {
  probed = message
})
const pool = new Pool(server.url, {
  connections: CONNECTIONS,
  pipelining: 1,
  headersTimeout: 0,
  bodyTimeout: 0,
})
const capacity = await measureCapacity(pool, upstream, options.writes)
const rate = capacity * options.load
upstream.failAt(options.faults)

const counts = {}
const times = []
const samples = []
const pending = new Set()
const startedAtMs = performance.now()
const durationMs = options.minutes * 60_000
let [due, sampleAtMs] = [0, SAMPLE_EVERY_MS]
for (;;) {
  const atMs = performance.now() - startedAtMs
  if (atMs >= durationMs) break
  if (atMs >= sampleAtMs) {
    samples.push(sample(server.child.pid, atMs, probed))
    sampleAtMs += SAMPLE_EVERY_MS
  }
  const dueAtMs = startedAtMs + (due * 1_000) / rate
  if (dueAtMs > performance.now()) {
    await sleep(1)
    continue
  }
  due++
  const sent = send(pool, upstream, dueAtMs, options.writes).then(({ outcome, ms }) => {
    counts[outcome] = (counts[outcome] ?? 0) + 1
    if (outcome === 'accepted') times.push(ms)
    pending.delete(sent)
  })
  pending.add(sent)
}
await Promise.all(pending)
await pool.close()

const settled = samples.filter(({ atMs, heapMb }) => atMs >= SETTLED_AFTER_MS && heapMb !== undefined)
const figures = (name, digits = 0) => {
  const values = settled.map(each => each[name])
  const sorted = values.toSorted((a, b) => a - b)
  return `${sorted[0].toFixed(digits)} to ${sorted.at(-1).toFixed(digits)}, median ${percentile(values, 0.5).toFixed(digits)}, slope ${toSlopePerMinute(settled, name).toFixed(3)} a minute`
}
print(
  `capacity ${capacity.toFixed(0)}/s, offered ${rate.toFixed(0)}/s for ${options.minutes} minutes, ${due} requests`,
)
print(`answers: ${JSON.stringify(counts)}`)
print(`accepted, ms: p50 ${percentile(times, 0.5).toFixed(0)}, p99 ${percentile(times, 0.99).toFixed(0)}`)
print(`after ${SETTLED_AFTER_MS / 1_000} s, ${settled.length} samples:`)
print(`  resident memory, MB: ${figures('rssMb', 1)}`)
print(`  heap used, MB: ${figures('heapMb', 1)}`)
print(`  file descriptors: ${figures('descriptors')}`)
print(`  of which sockets: ${figures('sockets')}`)
print(`  event loop, p99 of each second, ms: ${figures('loopP99Ms', 1)}`)
print(`  event loop, worst of each second, ms: ${figures('loopMaxMs', 1)}`)
await sleep(6_000)
const rest = sample(server.child.pid, 0, {})
print(
  `six seconds after the last answer: ${rest.descriptors} file descriptors, ${rest.sockets} of them sockets, ${rest.rssMb.toFixed(0)} MB`,
)
server.child.kill('SIGTERM')
print(`exit code ${(await server.exited)[0]}`)
await server.stop()
upstream.stop()
