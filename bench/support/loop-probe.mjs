// Loaded into a server with `--import`. Each second it tells its parent the figures that only the process
// itself can know.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import process from 'node:process'

const EVERY_MS = 1_000
/** As fine as the histogram can be, because it counts its own resolution as lag. */
const RESOLUTION_MS = 1

const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
delay.enable()
setInterval(() => {
  const { heapUsed } = process.memoryUsage()
  const toMs = share => Math.max(0, delay.percentile(share) / 1e6 - RESOLUTION_MS)
  process.send({ heapMb: heapUsed / 1e6, loopP99Ms: toMs(99), loopMaxMs: toMs(100) })
  delay.reset()
}, EVERY_MS).unref()
process.channel.unref()
