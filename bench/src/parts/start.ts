import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from '../bench.ts'
import { readCpuTimes, readRssBytes } from '../harness/process-usage.ts'
import { type Spread, toSpread } from '../statistics.ts'
import { SUBJECTS, type SubjectName } from '../subjects.ts'

export interface StartRow {
  readonly subject: SubjectName
  /** The time from the start of the process to its first response to an operation. */
  readonly firstAnswerMs: Spread
  /** The processor time until then, which a busy machine lengthens less. */
  readonly cpuMs: Spread
  /** Measured a second after that. */
  readonly idleRssBytes: Spread
}

interface Samples {
  readonly subject: SubjectName
  readonly firstAnswerMs: number[]
  readonly cpuMs: number[]
  readonly idleRssBytes: number[]
}

const CASE = 'user-mfa'
const STARTS = 5
const QUICK_STARTS = 3
const IDLE_MS = 1_000

/** Measures fresh processes, one at a time, with the subjects in rounds. */
export async function measureStart(bench: Bench): Promise<StartRow[]> {
  const { subjects, isQuick } = bench.options
  const rows = subjects.map(
    (subject): Samples => ({ subject, firstAnswerMs: [], cpuMs: [], idleRssBytes: [] }),
  )
  for (let turn = 0; turn < (isQuick ? QUICK_STARTS : STARTS); turn++) {
    for (const { subject, firstAnswerMs, cpuMs, idleRssBytes } of rows) {
      const startedAtMs = performance.now()
      await using running = await SUBJECTS[subject].start(bench.surroundings)
      await bench.prepare(subject, CASE, running, 1)
      firstAnswerMs.push(performance.now() - startedAtMs)
      cpuMs.push(readCpuTimes(running.pid).runUs / 1_000)
      await sleep(IDLE_MS)
      idleRssBytes.push(readRssBytes(running.pid))
    }
  }
  return rows.map(({ subject, firstAnswerMs, cpuMs, idleRssBytes }) => ({
    subject,
    firstAnswerMs: toSpread(firstAnswerMs),
    cpuMs: toSpread(cpuMs),
    idleRssBytes: toSpread(idleRssBytes),
  }))
}
