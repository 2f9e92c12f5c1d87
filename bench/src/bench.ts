import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { CASES, type CaseName } from './cases.ts'
import { startIssuer } from './harness/issuer.ts'
import { RESULTS_FOLDER } from './harness/paths.ts'
import { DRIVER_CORE, type RunningProcess } from './harness/start-process.ts'
import { startUpstream } from './harness/start-upstream.ts'
import type { Options } from './options.ts'
import { type AgreedAnswers, mintTokens, type PreparedCase, prepareCase } from './prepare.ts'
import { SUBJECTS, type SubjectName, type Surroundings } from './subjects.ts'

/** The parts of the harness share these. */
export interface Bench {
  readonly options: Options
  readonly surroundings: Surroundings
  readonly tokens: readonly string[]
  /** Started by the first call. It lives until the harness ends. */
  subject(name: SubjectName): Promise<RunningProcess>
  /** Returns `null` if the subject cannot answer this case. */
  prepare(
    name: SubjectName,
    caseName: CaseName,
    running: RunningProcess,
    connections?: number,
  ): Promise<PreparedCase | null>
}

/** A list of 50 on each of 64 connections would measure a queue of 3,200 upstream calls. */
const MIN_CONNECTIONS = 4
const MEMORY_FILE_SYSTEM = '/dev/shm'

/** Runs the work with everything that it needs, and leaves nothing behind. */
export async function withBench(options: Options, work: (bench: Bench) => Promise<void>): Promise<void> {
  // This process sends the requests, so it stays off the subject's core.
  execFileSync('taskset', ['-a', '-c', '-p', `${DRIVER_CORE}`, `${process.pid}`], { stdio: 'ignore' })
  mkdirSync(RESULTS_FOLDER, { recursive: true })
  const memoryFolder = mkdtempSync(join(MEMORY_FILE_SYSTEM, 'genauth-graphql-bench-'))
  const diskFolder = mkdtempSync(join(RESULTS_FOLDER, 'disk-'))
  const toConnections = (caseName: CaseName) =>
    Math.max(MIN_CONNECTIONS, Math.ceil(options.connections / CASES[caseName].users))
  const running = new Map<SubjectName, RunningProcess>()
  const removeFolders = () => {
    for (const folder of [memoryFolder, diskFolder]) rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', removeFolders)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  try {
    await using upstream = await startUpstream(join(memoryFolder, 'upstream.log'))
    await using issuer = await startIssuer()
    const surroundings = { upstream, issuer, memoryFolder, diskFolder }
    const tokens = await mintTokens(issuer)
    const agreed: AgreedAnswers = { contents: new Map(), wordings: new Map() }
    try {
      await work({
        options,
        surroundings,
        tokens,
        async subject(name) {
          const started = running.get(name) ?? (await SUBJECTS[name].start(surroundings))
          running.set(name, started)
          return started
        },
        prepare: (name, caseName, { url }, connections = toConnections(caseName)) =>
          prepareCase({
            subjectName: name,
            url,
            dialect: SUBJECTS[name].dialect,
            caseName,
            connections,
            tokens,
            upstream,
            agreed,
          }),
      })
    } finally {
      await Promise.all([...running.values()].map(subject => subject.stop()))
    }
  } finally {
    removeFolders()
  }
}
