import { type Extent, type LoadResult, runClosedLoop, type Script } from '../harness/load.ts'
import { readCpuTimes, readRssBytes } from '../harness/process-usage.ts'
import { quantile } from '../statistics.ts'

/** One subject under load for a while. The figures are per operation, which may be several requests to the proxy. */
export interface Round {
  readonly operations: number
  readonly cpuUs: number
  readonly operationsPerS: number
  /** Of one request. */
  readonly p50Ms: number
  readonly p99Ms: number
  /** The greatest value that was seen. */
  readonly rssBytes: number
  /** The part of the time that the subject waited for its core. Above a few percent, other processes were at work. */
  readonly waitShare: number
}

const RSS_EVERY_MS = 50

export interface RoundOptions {
  readonly pid: number
  readonly url: string
  readonly scripts: readonly Script[]
  readonly requestsPerOperation: number
  readonly extent: Extent
}

/** @throws if a response differs from the expected one */
export async function measureRound(options: RoundOptions): Promise<Round> {
  const { pid, url, scripts, requestsPerOperation, extent } = options
  return measureLoad(pid, requestsPerOperation, watch => runClosedLoop(url, scripts, extent, watch))
}

/** Measures the cost of a load for the subject. */
export async function measureLoad(
  pid: number,
  requestsPerOperation: number,
  run: (watch: { readonly onStart: () => void; readonly onEnd: () => void }) => Promise<LoadResult>,
): Promise<Round> {
  let before = readCpuTimes(pid)
  let after = before
  let rssBytes = 0
  const timer = setInterval(() => {
    rssBytes = Math.max(rssBytes, readRssBytes(pid))
  }, RSS_EVERY_MS)
  try {
    const result = await run({
      onStart: () => {
        before = readCpuTimes(pid)
      },
      onEnd: () => {
        after = readCpuTimes(pid)
      },
    })
    const operations = result.answers / requestsPerOperation
    return {
      operations,
      cpuUs: (after.runUs - before.runUs) / operations,
      operationsPerS: (operations * 1_000) / result.durationMs,
      p50Ms: quantile(result.latenciesMs, 0.5),
      p99Ms: quantile(result.latenciesMs, 0.99),
      rssBytes: Math.max(rssBytes, readRssBytes(pid)),
      waitShare: (after.waitUs - before.waitUs) / 1_000 / result.durationMs,
    }
  } finally {
    clearInterval(timer)
  }
}
