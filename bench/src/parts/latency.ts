import type { Bench } from '../bench.ts'
import { runOpenLoop } from '../harness/load.ts'
import { type Spread, toSpread } from '../statistics.ts'
import type { SubjectName } from '../subjects.ts'
import { measureLoad, measureRound, type Round } from './measure-round.ts'

/** The latency of one subject that is busy half of the time. */
export interface LatencyRow {
  readonly subject: SubjectName
  /** Requests per second, half of its rate with all connections busy. */
  readonly ratePerS: number
  readonly p50Ms: Spread
  readonly p99Ms: Spread
  /** The p99 divided by the proxy's p99 at half of the proxy's capacity. */
  readonly p99Ratio: Spread
}

interface Contender {
  readonly subject: SubjectName
  readonly ratePerS: number
  readonly run: () => Promise<Round>
  readonly p50Ms: number[]
  readonly p99Ms: number[]
}

const CASE = 'set-with-token'
const ROUNDS = 3
const ROUND_MS = 2_000
const QUICK_ROUND_MS = 600

/** Measures the mutation of one call, in rounds in which the subjects alternate. */
export async function measureLatency(bench: Bench): Promise<LatencyRow[]> {
  const { subjects, round, warmUp, isQuick } = bench.options
  const contenders: Contender[] = []
  for (const subject of subjects) {
    const running = await bench.subject(subject)
    const prepared = await bench.prepare(subject, CASE, running)
    if (prepared === null) continue
    const { pid, url } = running
    await measureRound({ pid, url, ...prepared, extent: warmUp })
    const { operationsPerS } = await measureRound({ pid, url, ...prepared, extent: round })
    const load = { ratePerS: operationsPerS / 2, durationMs: isQuick ? QUICK_ROUND_MS : ROUND_MS }
    const run = () => measureLoad(pid, 1, watch => runOpenLoop(url, prepared.scripts, load, watch))
    contenders.push({ subject, ratePerS: load.ratePerS, run, p50Ms: [], p99Ms: [] })
  }
  for (let turn = 0; turn < ROUNDS; turn++) {
    for (const { run, p50Ms, p99Ms } of contenders) {
      const measured = await run()
      p50Ms.push(measured.p50Ms)
      p99Ms.push(measured.p99Ms)
    }
  }
  const unit = contenders.find(({ subject }) => subject === 'proxy')?.p99Ms ?? []
  return contenders.map(({ subject, ratePerS, p50Ms, p99Ms }) => ({
    subject,
    ratePerS,
    p50Ms: toSpread(p50Ms),
    p99Ms: toSpread(p99Ms),
    p99Ratio: toSpread(p99Ms.map((value, turn) => value / (unit[turn] ?? Number.NaN))),
  }))
}
