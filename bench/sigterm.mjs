// Sends SIGTERM under load, again and again, and counts lost requests and the time from the signal to the end
// of the process.
//
//   npm run build && node bench/sigterm.mjs [--times 100] [--clients 32] [--writes 0.2] [--delay 0]
//
// A request is lost if it got no whole response although it was written to an accepted connection. The server
// or the system may have accepted it. A request is refused, and not lost, if its connection could not be made
// any more.
//
// `--delay` is SHUTDOWN_DELAY_MS. With 0, clients continue until nobody listens. With more, they behave like
// a load balancer: after `/ready` says no, they send nothing new.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'undici'
import {
  BUILT_SERVER,
  nextRequest,
  percentile,
  print,
  readOptions,
  startServer,
  startUpstream,
  toOutcome,
} from './stand.mjs'

const options = readOptions({ times: 100, clients: 32, writes: 0.2, delay: 0, server: BUILT_SERVER })
const PROBE_EVERY_MS = 20
/** The signal comes at a random time in the load. */
const MIN_LOAD_MS = 1_500
const MAX_LOAD_MS = 2_500
/** With both, a connection is sometimes idle and sometimes not when it is closed. */
const MAX_THINKING_MS = 10

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms))

/** Runs one connection, one request after another, until no connection can be made or `isOpen` returns `false`. */
async function runClient(upstream, url, isOpen, counts) {
  const agent = new Agent({ connections: 1, pipelining: 1 })
  while (isOpen()) {
    await sleep(Math.random() * MAX_THINKING_MS)
    if (!isOpen()) break
    const { kind: _kind, path, ...wanted } = nextRequest(upstream, options.writes)
    try {
      const { statusCode, body } = await request(url + path, { ...wanted, dispatcher: agent })
      const outcome = toOutcome(statusCode, await body.text())
      counts[outcome] = (counts[outcome] ?? 0) + 1
    } catch (error) {
      if (error.code === 'ECONNREFUSED') break
      counts.lost++
      counts.lostAs[error.code] = (counts.lostAs[error.code] ?? 0) + 1
    }
  }
  await agent.destroy()
}

/** Every intent in the journal must have its outcome. */
function countOpenIntents(journal) {
  const records = readFileSync(journal, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  const settled = new Set(records.filter(({ kind }) => kind === 'outcome').map(({ intent }) => intent))
  return records.filter(({ kind, id }) => kind === 'intent' && !settled.has(id)).length
}

async function stopOnce(upstream, counts) {
  const server = await startServer(upstream, {
    script: options.server,
    env: { SHUTDOWN_DELAY_MS: String(options.delay) },
  })
  let isOpen = true
  const clients = Array.from({ length: options.clients }, () =>
    runClient(upstream, server.url, () => isOpen, counts),
  )
  await sleep(MIN_LOAD_MS + Math.random() * (MAX_LOAD_MS - MIN_LOAD_MS))
  const signalledAtMs = performance.now()
  server.child.kill('SIGTERM')
  const ended = server.exited.then(([code]) => ({ code, exitMs: performance.now() - signalledAtMs }))
  if (options.delay > 0) {
    const probe = new Agent({ connections: 1 })
    while (isOpen) {
      await sleep(PROBE_EVERY_MS)
      const ready = await request(`${server.url}/ready`, { dispatcher: probe }).catch(() => null)
      await ready?.body.dump()
      isOpen = ready?.statusCode === 200
    }
    await probe.destroy()
  }
  await Promise.all(clients)
  const { code, exitMs } = await ended
  const openIntents = countOpenIntents(server.journal)
  await server.stop()
  return { code, exitMs, openIntents }
}

const upstream = await startUpstream()
const counts = { lost: 0, lostAs: {} }
const stops = []
for (let n = 0; n < options.times; n++) stops.push(await stopOnce(upstream, counts))
upstream.stop()
await once(upstream.child, 'exit')
const times = stops.map(({ exitMs }) => exitMs)
print(`stops: ${stops.length}, exit codes other than 0: ${stops.filter(({ code }) => code !== 0).length}`)
print(`intents without an outcome: ${stops.reduce((sum, { openIntents }) => sum + openIntents, 0)}`)
print(`requests: ${JSON.stringify(counts)}`)
print(
  `time to exit: median ${percentile(times, 0.5).toFixed(0)} ms, p95 ${percentile(times, 0.95).toFixed(0)} ms, most ${Math.max(...times).toFixed(0)} ms`,
)
