import type { Bench } from '../bench.ts'
import { type Spread, toSpread } from '../statistics.ts'
import { SUBJECTS, type SubjectName } from '../subjects.ts'
import { measureRound, type Round } from './measure-round.ts'

/** Changes of one and the same user, which a careful server makes one after another. */
export interface OneUserRow {
  readonly subject: SubjectName
  /** How many changes are under way together, so the length of the queue. */
  readonly connections: number
  readonly operationsPerS: Spread
  readonly cpuUs: Spread
  readonly p50Ms: Spread
  readonly p99Ms: Spread
}

const CASE = 'set-with-token'
const QUEUES = [1, 4, 16, 64]
/** The processor waits for the disk and the upstream, so a round needs fewer answers than one of many users. */
const ANSWERS_PART = 16

/** Measures queues of several lengths, in rounds in which subjects and lengths alternate. */
export async function measureOneUser(bench: Bench): Promise<OneUserRow[]> {
  const { subjects, rounds, round, warmUp } = bench.options
  const contenders: {
    subject: SubjectName
    connections: number
    run: () => Promise<Round>
    rounds: Round[]
  }[] = []
  for (const subject of subjects) {
    if (!SUBJECTS[subject].hasDuties) continue
    const running = await bench.subject(subject)
    const { pid, url } = running
    for (const connections of QUEUES) {
      const load = { connections, operations: 1, isOneUser: true }
      const prepared = await bench.prepare(subject, CASE, running, load)
      if (prepared === null) continue
      const run = (extent = round) => measureRound({ pid, url, ...prepared, extent })
      await run({ ...warmUp, answers: warmUp.answers / ANSWERS_PART })
      contenders.push({ subject, connections, run, rounds: [] })
    }
  }
  for (let turn = 0; turn < rounds; turn++) {
    for (const contender of contenders) contender.rounds.push(await contender.run())
  }
  return contenders.map(({ subject, connections, rounds: own }) => ({
    subject,
    connections,
    operationsPerS: toSpread(own.map(({ operationsPerS }) => operationsPerS)),
    cpuUs: toSpread(own.map(({ cpuUs }) => cpuUs)),
    p50Ms: toSpread(own.map(({ p50Ms }) => p50Ms)),
    p99Ms: toSpread(own.map(({ p99Ms }) => p99Ms)),
  }))
}
