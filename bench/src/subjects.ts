import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import type { Dialect } from './dialects/dialect.ts'
import { LAYER } from './dialects/layer.ts'
import { OPENAPI } from './dialects/openapi.ts'
import { REST } from './dialects/rest.ts'
import { ask } from './harness/http-connection.ts'
import type { Issuer } from './harness/issuer.ts'
import { toScript } from './harness/paths.ts'
import { type RunningProcess, SUBJECT_CORE, startProcess } from './harness/start-process.ts'
import { startRedis } from './harness/start-redis.ts'
import { startServer } from './harness/start-server.ts'
import type { Upstream } from './harness/start-upstream.ts'

/** The services and folders beside which every subject is started. */
export interface Surroundings {
  readonly upstream: Upstream
  readonly issuer: Issuer
  /** A folder on a memory file system, for logs and for a journal that must cost no disk. */
  readonly memoryFolder: string
  /** A folder on a disk. */
  readonly diskFolder: string
}

export interface Subject {
  readonly title: string
  readonly dialect: Dialect
  /** `true` if it keeps a journal, and reports how often that was synced. */
  readonly hasJournal: boolean
  readonly start: (surroundings: Surroundings) => Promise<RunningProcess>
}

export const SUBJECT_NAMES = [
  'proxy',
  'server',
  'server-disk',
  'server-bare',
  'mercurius',
  'graphql-http',
  'apollo-server',
  'hive-gateway',
  'server-unwatched',
  'server-traced',
  'server-shared',
] as const

export type SubjectName = (typeof SUBJECT_NAMES)[number]

/** The others show the cost of one part of this server, and are measured when they are named. */
export const COMPARED_NAMES: readonly SubjectName[] = SUBJECT_NAMES.slice(0, -3)

const METRICS = { METRICS_PORT: '0' }

export const SUBJECTS: Readonly<Record<SubjectName, Subject>> = {
  proxy: { title: 'bare Node proxy', dialect: REST, hasJournal: false, start: startScript('proxy') },
  server: toServer('server', 'this server, journal in memory', async () => METRICS),
  'server-disk': {
    title: 'this server, journal on disk',
    dialect: LAYER,
    hasJournal: true,
    start: surroundings => startWithJournal('server-disk', surroundings, surroundings.diskFolder, METRICS),
  },
  'server-bare': toPeer('this server, features off', 'features-off'),
  mercurius: toPeer('Mercurius with JIT', 'mercurius'),
  'graphql-http': toPeer('graphql-http', 'graphql-http'),
  'apollo-server': toPeer('Apollo Server 5', 'apollo-server'),
  'hive-gateway': { ...toPeer('Hive Gateway over OpenAPI', 'hive-gateway'), dialect: OPENAPI },
  'server-unwatched': toServer('server-unwatched', 'this server without metrics', async () => ({})),
  'server-traced': toServer('server-traced', 'this server with metrics and traces', async ({ upstream }) => ({
    ...METRICS,
    OTEL_EXPORTER_OTLP_ENDPOINT: upstream.url,
  })),
  'server-shared': toServer('server-shared', 'this server with metrics and Redis', async () => ({
    ...METRICS,
    REDIS_URL: await startRedis(),
  })),
}

function toServer(
  name: SubjectName,
  title: string,
  toEnv: (surroundings: Surroundings) => Promise<Readonly<Record<string, string>>>,
): Subject {
  return {
    title,
    dialect: LAYER,
    hasJournal: true,
    start: async surroundings =>
      startWithJournal(name, surroundings, surroundings.memoryFolder, await toEnv(surroundings)),
  }
}

function toPeer(title: string, script: string): Subject {
  return { title, dialect: LAYER, hasJournal: false, start: startScript(script) }
}

/** Uses a fresh journal for each start, so that records of an earlier one slow down none. */
async function startWithJournal(
  name: SubjectName,
  { upstream, issuer, memoryFolder }: Surroundings,
  journalFolder: string,
  env: Readonly<Record<string, string>>,
): Promise<RunningProcess> {
  const auditLog = join(await mkdtemp(join(journalFolder, 'journal-')), 'journal.jsonl')
  return startServer({ name, upstream, issuer, auditLog, logFile: join(memoryFolder, `${name}.log`), env })
}

function startScript(script: string): Subject['start'] {
  return ({ upstream, memoryFolder }) =>
    startProcess(
      {
        name: script,
        script: toScript(`subjects/${script}.js`),
        core: SUBJECT_CORE,
        env: { UPSTREAM_URL: upstream.url },
        logFile: join(memoryFolder, `${script}.log`),
      },
      async url => (await ask(url, { method: 'GET', path: '/api/v3/get-user' })).status > 0,
    )
}
