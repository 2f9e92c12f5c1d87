import type { Bench } from '../bench.ts'
import type { RunningSubject } from '../harness/running-subject.ts'
import { type Spread, toSpread } from '../statistics.ts'
import { ALL_REMOVALS, type Removal } from '../take-away/removals.ts'
import { startWithout } from '../take-away/start-without.ts'
import { measureRound } from './measure-round.ts'

/** The cost of one part of this server, or why the build without it could not be measured. */
export type TakeAwayRow =
  | MeasuredRemoval
  | { readonly kind: 'NOT_MEASURED'; readonly title: string; readonly fault: string }

/** The cost of one part of this server, in CPU per operation as a multiple of the proxy's. */
interface MeasuredRemoval {
  readonly kind: 'MEASURED'
  readonly title: string
  /** The saving without this part alone. */
  readonly alone: Spread
  /** The saving without it if all parts above it are gone already. */
  readonly inTurn: Spread
  /** The rest after that. */
  readonly left: Spread
}

export interface TakeAwayResult {
  /** The whole server. */
  readonly whole: Spread
  readonly rows: readonly TakeAwayRow[]
}

/** A build without some of its parts, or why it does not start or gives no right answer. */
type Attempt =
  | { readonly kind: 'READY'; readonly contender: Contender }
  | { readonly kind: 'FAULTY'; readonly fault: string }

interface Contender extends AsyncDisposable {
  readonly warmUp: () => Promise<void>
  /** Returns the CPU time of an operation. */
  readonly measure: () => Promise<number>
}

const CASE = 'set-with-token'
/** A build is measured beside one that has run for long, and must be compiled as well. */
const WARM_UPS = 2
/** As in the table: a build that waits for others is slow in its first rounds. */
const WARM_UP_TURNS = 4
/** Of the first warm-up. */
const WARM_UP_TURN_PART = 10

/**
 * Takes the parts away one by one: each alone, and one after another. Every build is measured beside the proxy. A part
 * whose removal leaves a build that gives no right answer stays in the builds of the rows below.
 */
export async function measureTakeAway(bench: Bench): Promise<TakeAwayResult> {
  await using proxy = await contend(bench, 'proxy', await bench.subject('proxy'))
  await using server = await contend(bench, 'server', await startWithout([], bench.surroundings))
  const wholes: number[] = []
  const rows: TakeAwayRow[] = []
  const gone: Removal[] = []
  let before = server
  for (const removal of ALL_REMOVALS) {
    const { title } = removal
    const single = await attempt(bench, [removal])
    if (single.kind === 'FAULTY') {
      rows.push({ kind: 'NOT_MEASURED', title, fault: single.fault })
      continue
    }
    await using without = single.contender
    const next = await attempt(bench, [...gone, removal])
    if (next.kind === 'FAULTY') {
      rows.push({ kind: 'NOT_MEASURED', title, fault: next.fault })
      continue
    }
    const after = next.contender
    gone.push(removal)
    for (let turn = 0; turn < WARM_UP_TURNS; turn++) {
      for (const contender of new Set([proxy, server, without, before, after])) await contender.warmUp()
    }
    const alone: number[] = []
    const inTurn: number[] = []
    const left: number[] = []
    for (let turn = 0; turn < bench.options.rounds; turn++) {
      const unit = await proxy.measure()
      const whole = (await server.measure()) / unit
      const own = (await without.measure()) / unit
      // The first removal is measured against the whole server.
      const former = before === server ? whole : (await before.measure()) / unit
      const rest = (await after.measure()) / unit
      wholes.push(whole)
      alone.push(whole - own)
      inTurn.push(former - rest)
      left.push(rest)
    }
    rows.push({
      kind: 'MEASURED',
      title,
      alone: toSpread(alone),
      inTurn: toSpread(inTurn),
      left: toSpread(left),
    })
    if (before !== server) await before[Symbol.asyncDispose]()
    before = after
  }
  await before[Symbol.asyncDispose]()
  return { whole: toSpread(wholes), rows }
}

async function attempt(bench: Bench, removals: readonly Removal[]): Promise<Attempt> {
  try {
    const running = await startWithout(removals, bench.surroundings)
    return { kind: 'READY', contender: await contend(bench, 'server-bare', running) }
  } catch (error) {
    return { kind: 'FAULTY', fault: error instanceof Error ? error.message : `${error}` }
  }
}

/**
 * Warms a subject up.
 *
 * @throws if it gives no right answer. It is stopped then.
 */
async function contend(
  bench: Bench,
  subject: 'proxy' | 'server' | 'server-bare',
  running: RunningSubject,
): Promise<Contender> {
  const { warmUp, round } = bench.options
  try {
    const prepared = await bench.prepare(subject, CASE, running)
    if (prepared === null) throw new Error(`${subject} answers ${CASE}`)
    const { pid, url } = running
    const run = (extent = round) => measureRound({ pid, url, ...prepared, extent })
    await run({ ...warmUp, answers: warmUp.answers * WARM_UPS })
    return {
      warmUp: async () => void (await run({ ...warmUp, answers: warmUp.answers / WARM_UP_TURN_PART })),
      measure: async () => (await run()).cpuUs,
      [Symbol.asyncDispose]: running.stop,
    }
  } catch (error) {
    await running.stop()
    throw error
  }
}
