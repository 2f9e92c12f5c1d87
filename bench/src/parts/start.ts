import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from '../bench.ts'
import { connect, toRequestBytes } from '../harness/http-connection.ts'
import { readCpuTimes, readRssBytes } from '../harness/process-usage.ts'
import type { RunningSubject } from '../harness/running-subject.ts'
import { toUserId } from '../harness/users.ts'
import { type Spread, toSpread } from '../statistics.ts'
import { SUBJECTS, type SubjectName } from '../subjects.ts'

export interface StartRow {
  readonly subject: SubjectName
  /** The time from the start of the process to its first HTTP response, whatever that says. */
  readonly respondsAfterMs: Spread
  /** The same to its first response to an operation. */
  readonly firstAnswerMs: Spread
  /** The processor time until then, which a busy machine lengthens less. */
  readonly cpuMs: Spread
  /** Measured a second after that. */
  readonly idleRssBytes: Spread
}

type Figure = Exclude<keyof StartRow, 'subject'>

const CASE = 'user-mfa'
const STARTS = 10
const QUICK_STARTS = 3
const IDLE_MS = 1_000

/** Measures fresh processes, one at a time, with the subjects in rounds. */
export async function measureStart(bench: Bench): Promise<StartRow[]> {
  const { subjects, isQuick } = bench.options
  const samples: { subject: SubjectName; figures: Record<Figure, number> }[] = []
  for (let turn = 0; turn < (isQuick ? QUICK_STARTS : STARTS); turn++) {
    for (const subject of subjects) {
      const startedAtMs = performance.now()
      await using running = await SUBJECTS[subject].start(bench.surroundings)
      await askFirst(bench, subject, running)
      const firstAnswerMs = performance.now() - startedAtMs
      const cpuMs = readCpuTimes(running.pid).runUs / 1_000
      await sleep(IDLE_MS)
      const idleRssBytes = readRssBytes(running.pid)
      const { respondsAfterMs } = running
      samples.push({ subject, figures: { respondsAfterMs, firstAnswerMs, cpuMs, idleRssBytes } })
      await bench.prepare(subject, CASE, running, { connections: 1, operations: 1 })
    }
  }
  return subjects.map(subject => {
    const own = samples.filter(sample => sample.subject === subject)
    const spread = (figure: Figure) => toSpread(own.map(({ figures }) => figures[figure]))
    return {
      subject,
      respondsAfterMs: spread('respondsAfterMs'),
      firstAnswerMs: spread('firstAnswerMs'),
      cpuMs: spread('cpuMs'),
      idleRssBytes: spread('idleRssBytes'),
    }
  })
}

async function askFirst({ tokens }: Bench, subject: SubjectName, { url }: RunningSubject): Promise<void> {
  const operation = { caseName: CASE, userIds: [toUserId(0)], token: tokens[0] ?? '' } as const
  const [request] = SUBJECTS[subject].dialect.toRequests(operation) ?? []
  if (request === undefined) throw new Error(`${subject} has no request for ${CASE}`)
  const connection = await connect(url)
  const { status } = await connection.send(toRequestBytes(request))
  connection.close()
  if (status !== 200) throw new Error(`The first answer of ${subject} has status ${status}`)
}
