import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { ask } from './harness/http-connection.ts'
import { toScript } from './harness/paths.ts'
import { NO_EVIDENCE, type RunningSubject } from './harness/running-subject.ts'
import { findFreePort, SUBJECT_CORE, startProcess } from './harness/start-process.ts'
import {
  COUNT_SYNCS,
  type ServerStartOptions,
  startServer,
  UNREACHED_LIMITS,
} from './harness/start-server.ts'
import type { StartExtras, Surroundings } from './subject.ts'

type ServerVariant = Pick<ServerStartOptions, 'name' | 'isQuiet' | 'script'> & {
  readonly isOnDisk?: boolean
}

/** Starts this server with a fresh journal, so that records of an earlier one slow down none. */
export async function startServerVariant(
  { isOnDisk = false, ...variant }: ServerVariant,
  surroundings: Surroundings,
  extras: StartExtras = {},
): Promise<RunningSubject> {
  const { memoryFolder, diskFolder } = surroundings
  return startServer({
    ...surroundings,
    ...variant,
    ...extras,
    journalFolder: await mkdtemp(join(isOnDisk ? diskFolder : memoryFolder, 'journal-')),
    logFile: await makeLogFile(memoryFolder),
  })
}

/** Starts a script of `subjects/` that knows no caller, and keeps nothing. */
export async function startBare(
  script: string,
  surroundings: Surroundings,
  extras: StartExtras = {},
): Promise<RunningSubject> {
  return {
    ...(await startScript(script, surroundings, await makeLogFile(surroundings.memoryFolder), extras)),
    evidence: NO_EVIDENCE,
  }
}

/** Starts a peer with the duties of this server, told by the same variables. */
export async function startWithDuties(
  script: string,
  surroundings: Surroundings,
  extras: StartExtras = {},
): Promise<RunningSubject> {
  const { issuer, memoryFolder } = surroundings
  const metricsPort = await findFreePort()
  const journalFolder = await mkdtemp(join(memoryFolder, 'journal-'))
  const logFile = await makeLogFile(memoryFolder)
  const env = {
    ...issuer.env,
    RATE_LIMITS: UNREACHED_LIMITS,
    AUDIT_LOG: join(journalFolder, 'audit.jsonl'),
    METRICS_PORT: `${metricsPort}`,
    ...extras.env,
  }
  const nodeArgs = [...COUNT_SYNCS, ...(extras.nodeArgs ?? [])]
  return {
    ...(await startScript(script, surroundings, logFile, { env, nodeArgs })),
    evidence: {
      journalFolder,
      requestLog: logFile,
      metrics: { url: `http://127.0.0.1:${metricsPort}`, counter: 'graphql_requests_total' },
    },
  }
}

function startScript(
  script: string,
  { node, upstream }: Surroundings,
  logFile: string,
  { env = {}, nodeArgs = [] }: StartExtras,
) {
  return startProcess(
    {
      name: script,
      nodePath: node.path,
      script: toScript(`subjects/${script}.js`),
      core: SUBJECT_CORE,
      env: { UPSTREAM_URL: upstream.url, ...env },
      logFile,
      nodeArgs,
    },
    async url => (await ask(url, { method: 'GET', path: '/api/v3/get-user' })).status > 0,
  )
}

/** Each process has a log of its own, because its last lines may come late. */
async function makeLogFile(memoryFolder: string): Promise<string> {
  return join(await mkdtemp(join(memoryFolder, 'log-')), 'subject.log')
}
