import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { CASES, type CaseName } from './cases.ts'
import type { SubjectNode } from './harness/find-node.ts'
import { startIssuer } from './harness/issuer.ts'
import { RESULTS_FOLDER } from './harness/paths.ts'
import type { RunningSubject } from './harness/running-subject.ts'
import { DRIVER_CORE } from './harness/start-process.ts'
import { startUpstream } from './harness/start-upstream.ts'
import type { Options } from './options.ts'
import { type AgreedAnswers, type LoadShape, mintTokens, type PreparedCase, prepareCase } from './prepare.ts'
import type { Surroundings } from './subject.ts'
import { SUBJECTS, type SubjectName } from './subjects.ts'

/** The parts of the harness share these. */
export interface Bench {
  readonly options: Options
  readonly surroundings: Surroundings
  readonly tokens: readonly string[]
  /** Started by the first call. It lives until the harness ends. */
  subject(name: SubjectName): Promise<RunningSubject>
  /** Returns `null` if the subject cannot answer this case. */
  prepare(
    name: SubjectName,
    caseName: CaseName,
    running: RunningSubject,
    load?: Partial<LoadShape>,
  ): Promise<PreparedCase | null>
}

/** A list of 50 on each of 64 connections would measure a queue of 3,200 upstream calls. */
const MIN_CONNECTIONS = 4
/** A connection repeats operations about so many users, so that 64 connections are about 512. */
const USERS_OF_A_CONNECTION = 8
const MEMORY_FILE_SYSTEM = '/dev/shm'
const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** Runs the work with everything that it needs, and leaves nothing behind. */
export async function withBench(
  options: Options,
  node: SubjectNode,
  work: (bench: Bench) => Promise<void>,
): Promise<void> {
  // This process sends the requests, so it stays off the subject's core.
  execFileSync('taskset', ['-a', '-c', '-p', `${DRIVER_CORE}`, `${process.pid}`], { stdio: 'ignore' })
  mkdirSync(RESULTS_FOLDER, { recursive: true })
  const memoryFolder = mkdtempSync(join(MEMORY_FILE_SYSTEM, 'genauth-graphql-bench-'))
  const diskFolder = mkdtempSync(join(RESULTS_FOLDER, 'disk-'))
  const toLoad = (caseName: CaseName): LoadShape => {
    const { users } = CASES[caseName]
    return {
      connections: Math.max(MIN_CONNECTIONS, Math.ceil(options.connections / users)),
      operations: Math.max(1, Math.floor(USERS_OF_A_CONNECTION / users)),
      isOneUser: false,
    }
  }
  const running = new Map<SubjectName, RunningSubject>()
  const removeFolders = () => {
    for (const folder of [memoryFolder, diskFolder]) rmSync(folder, { recursive: true, force: true })
  }
  const end = () => process.exit(1)
  process.once('exit', removeFolders)
  for (const signal of SIGNALS) process.once(signal, end)
  try {
    await using upstream = await startUpstream(join(memoryFolder, 'upstream.log'))
    await using issuer = await startIssuer()
    const { other } = options
    const surroundings: Surroundings = { node, upstream, issuer, memoryFolder, diskFolder, other }
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
        prepare: (name, caseName, started, load = {}) =>
          prepareCase({
            subjectName: name,
            running: started,
            dialect: SUBJECTS[name].dialect,
            caseName,
            load: { ...toLoad(caseName), ...load },
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
    process.off('exit', removeFolders)
    for (const signal of SIGNALS) process.off(signal, end)
  }
}
