import { setTimeout as sleep } from 'node:timers/promises'
import { type Extent, type LoadResult, OverloadedError, runClosedLoop, type Script } from '../harness/load.ts'
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
const MAX_ATTEMPTS = 5
const REST_MS = 1_000

export interface RoundOptions {
  readonly pid: number
  readonly url: string
  readonly scripts: readonly Script[]
  readonly requestsPerOperation: number
  readonly extent: Extent
}

/**
 * Measures one round. If other work on the machine overloads the subject, the round is measured again.
 *
 * @throws if a response differs from the expected one, or if the subject is overloaded again and again
 */
export async function measureRound(options: RoundOptions): Promise<Round> {
  const { pid, url, scripts, requestsPerOperation, extent } = options
  for (let attempt = 1; ; attempt++) {
    try {
      return await measureLoad(pid, requestsPerOperation, watch => runClosedLoop(url, scripts, extent, watch))
    } catch (error) {
      if (!(error instanceof OverloadedError) || attempt === MAX_ATTEMPTS) throw error
      process.stderr.write(`${error.message}. This round is measured again.\n`)
      await sleep(REST_MS)
    }
  }
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
