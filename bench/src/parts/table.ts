import { z } from 'zod'
import type { Bench } from '../bench.ts'
import { CASES, type CaseName } from '../cases.ts'
import type { Extent } from '../harness/load.ts'
import type { RunningSubject } from '../harness/running-subject.ts'
import { type Spread, toSpread } from '../statistics.ts'
import type { SubjectName } from '../subjects.ts'
import { measureRound, type Round } from './measure-round.ts'

export interface TableRow {
  readonly caseName: CaseName
  readonly subject: SubjectName
  /** The number of requests that the proxy gets for one operation. */
  readonly requestsPerUnit: number
  /** `null` if the subject cannot answer the case. */
  readonly measured: Readonly<Record<Figure, Measured>> | null
  /** The part of the time that it waited for its core. */
  readonly waitShare: number
  /** `null` if there is no journal, or nothing to record. */
  readonly writesPerSync: Spread | null
  /** The CPU of the subject `server` divided by this one's in the same round. `null` without that subject. */
  readonly serverRatio: Spread | null
}

/** A figure, and its ratio to the proxy's in the same round. */
export interface Measured extends Spread {
  readonly ratio: Spread
  /** The least of all rounds divided by the proxy's least. Other work on the machine disturbs it least. */
  readonly leastRatio: number
}

type Figure = Exclude<keyof Round, 'operations' | 'waitShare'>

/** A subject that waits while the others warm up is slow in its first rounds. So all warm up once more, by turns. */
const WARM_UP_TURNS = 5
/** Of the first warm-up. */
const WARM_UP_TURN_PART = 10

const NOT_MEASURED = { measured: null, waitShare: 0, writesPerSync: null, serverRatio: null } as const

interface Contender {
  readonly name: SubjectName
  readonly running: RunningSubject
  readonly requestsPerOperation: number
  readonly run: (extent: Extent) => Promise<Round>
  readonly rounds: Round[]
  readonly writesPerSync: number[]
}

/**
 * Measures every case on every subject, in rounds in which the subjects alternate. Each round begins with another one.
 */
export async function measureTable(
  bench: Bench,
  report: (rows: readonly TableRow[]) => void,
): Promise<TableRow[]> {
  const rows: TableRow[] = []
  for (const caseName of bench.options.cases) {
    const own = await measureCase(bench, caseName)
    report(own)
    rows.push(...own)
  }
  return rows
}

async function measureCase(bench: Bench, caseName: CaseName): Promise<TableRow[]> {
  const { subjects, rounds } = bench.options
  const round = perUser(bench.options.round, caseName)
  const warmUp = perUser(bench.options.warmUp, caseName)
  const contenders: Contender[] = []
  for (const name of subjects) {
    const running = await bench.subject(name)
    const prepared = await bench.prepare(name, caseName, running)
    if (prepared === null) continue
    const { pid, url } = running
    const run = (extent: Extent) => measureRound({ pid, url, ...prepared, extent })
    const { requestsPerOperation } = prepared
    contenders.push({ name, running, requestsPerOperation, run, rounds: [], writesPerSync: [] })
    await run(warmUp)
  }
  const shortWarmUp = { ...warmUp, answers: warmUp.answers / WARM_UP_TURN_PART }
  for (let turn = 0; turn < WARM_UP_TURNS; turn++) {
    for (const { run } of contenders) await run(shortWarmUp)
  }
  for (let turn = 0; turn < rounds; turn++) {
    const first = turn % contenders.length
    for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      await takeTurn(contender, round)
    }
  }
  const proxy = contenders.find(({ name }) => name === 'proxy')
  const unit = proxy?.rounds ?? []
  const server = contenders.find(({ name }) => name === 'server')
  const requestsPerUnit = proxy?.requestsPerOperation ?? 1
  return subjects.map(subject => {
    const contender = contenders.find(({ name }) => name === subject)
    if (contender === undefined) return { caseName, subject, requestsPerUnit, ...NOT_MEASURED }
    const { writesPerSync } = contender
    return {
      caseName,
      subject,
      requestsPerUnit,
      measured: toMeasured(contender.rounds, unit),
      waitShare: toSpread(contender.rounds.map(({ waitShare }) => waitShare)).median,
      writesPerSync: writesPerSync.length === 0 ? null : toSpread(writesPerSync),
      serverRatio: server === undefined ? null : toRatio(server.rounds, contender.rounds, 'cpuUs'),
    }
  })
}

/** A list counts for as many responses as it has users. */
function perUser({ durationMs, answers }: Extent, caseName: CaseName): Extent {
  return { durationMs, answers: answers / CASES[caseName].users }
}

async function takeTurn(contender: Contender, extent: Extent): Promise<void> {
  const { running, run, rounds, writesPerSync } = contender
  if (running.evidence.journalFolder === null) {
    rounds.push(await run(extent))
    return
  }
  const syncsBefore = await countSyncs(running)
  const round = await run(extent)
  rounds.push(round)
  const syncs = (await countSyncs(running)) - syncsBefore
  if (syncs > 0) writesPerSync.push(round.operations / syncs)
}

async function countSyncs(running: RunningSubject): Promise<number> {
  return z.number().parse(await running.ask('syncs'))
}

function toMeasured(rounds: readonly Round[], unit: readonly Round[]): TableRow['measured'] {
  const measure = (figure: Figure): Measured => {
    const own = toSpread(rounds.map(round => round[figure]))
    return {
      ...own,
      ratio: toRatio(rounds, unit, figure),
      leastRatio: own.min / toSpread(unit.map(round => round[figure])).min,
    }
  }
  return {
    cpuUs: measure('cpuUs'),
    operationsPerS: measure('operationsPerS'),
    p50Ms: measure('p50Ms'),
    p99Ms: measure('p99Ms'),
    rssBytes: measure('rssBytes'),
  }
}

function toRatio(rounds: readonly Round[], unit: readonly Round[], figure: Figure): Spread {
  return toSpread(rounds.map((round, index) => round[figure] / (unit[index]?.[figure] ?? Number.NaN)))
}
