// The counting GenAuth as a process of its own, which counter.mjs starts. The callers' work delays none of
// its counts.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import process from 'node:process'
import { startCountingGenAuth } from './counting-genauth.mjs'

/** As fine as the histogram can be, because it counts its own resolution as lag. */
const RESOLUTION_MS = 1

const WARM_UP_REQUESTS = 1_000
const WARM_UP_AT_ONCE = 20

const genauth = await startCountingGenAuth(JSON.parse(process.argv[2] ?? '{}'))
await warmUp()
const lateness = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
lateness.enable()
const refused = []

/** Code that runs for the first time is late, and so is the first collection after it. */
async function warmUp() {
  for (let sent = 0; sent < WARM_UP_REQUESTS; sent += WARM_UP_AT_ONCE) {
    await Promise.all(
      Array.from({ length: WARM_UP_AT_ONCE }, async (_, index) => {
        const response = await fetch(`${genauth.url}/api/v3/get-mfa-status?userId=warm-${index}`)
        await response.text()
      }),
    )
  }
  genauth.arrivals.length = 0
  globalThis.gc()
}

/** A neighbour of the same pool. GenAuth replies 429 to anything above the part that it leaves. */
function toNeighbour(leftPerSecond) {
  const recent = []
  return endpoint => {
    const nowMs = performance.now()
    while (recent[0] <= nowMs - 1_000) recent.shift()
    if (recent.length >= leftPerSecond) {
      refused.push(nowMs)
      return endpoint === 'get-management-token' ? null : { statusCode: 429 }
    }
    recent.push(nowMs)
    return null
  }
}

const orders = {
  leave: perSecond => genauth.failWith(perSecond === null ? () => null : toNeighbour(perSecond)),
  tell() {
    const lateByMs = [lateness.percentile(99), lateness.max].map(ns => Math.max(0, ns / 1e6 - RESOLUTION_MS))
    process.send({ arrivals: genauth.arrivals, refused, lateByMs })
  },
}
process.on('message', ({ order, value }) => orders[order](value))
process.once('disconnect', () => process.exit())
process.send({
  url: genauth.url,
  // The moment when this process began, by the clock that all processes share.
  beganAtMs: Number(process.hrtime.bigint()) / 1e6 - performance.now(),
})
