import { join } from 'node:path'
import type { SubjectNode } from './find-node.ts'
import { ask } from './http-connection.ts'
import type { Issuer } from './issuer.ts'
import { SERVER_SCRIPT, toScript } from './paths.ts'
import type { RunningSubject } from './running-subject.ts'
import { findFreePort, type ProcessOptions, SUBJECT_CORE, startProcess } from './start-process.ts'
import type { Upstream } from './start-upstream.ts'

export interface ServerStartOptions {
  readonly name: string
  readonly node: SubjectNode
  readonly upstream: Upstream
  readonly issuer: Issuer
  /** The folder of the journal. */
  readonly journalFolder: string
  /** The file that takes its log. */
  readonly logFile: string
  /** `true` to log at `warn` and to have no metrics. */
  readonly isQuiet?: boolean
  /** The `main.js` of another build. */
  readonly script?: string
  /** Variables that are added to its environment. */
  readonly env?: Readonly<Record<string, string>>
  readonly nodeArgs?: readonly string[]
  readonly memoryLimit?: ProcessOptions['memoryLimit']
}

/** Limits that are counted as in production and never reached. */
export const UNREACHED_LIMITS = 'reads=9999999,writes=9999999,weakenings=9999999,misses=9999999'

/** Counts the syncs of a journal in its process. */
export const COUNT_SYNCS = ['--import', toScript('harness/count-syncs.js')]

/**
 * Starts this server as shipped, in production settings: `dist/main.js` and an environment. Resolves when it is ready.
 */
export async function startServer(options: ServerStartOptions): Promise<RunningSubject> {
  const { name, node, upstream, issuer, journalFolder, logFile, isQuiet = false, script, env } = options
  const metricsPort = await findFreePort()
  const server = await startProcess(
    {
      name,
      nodePath: node.path,
      script: script ?? SERVER_SCRIPT,
      core: SUBJECT_CORE,
      logFile,
      nodeArgs: [...COUNT_SYNCS, ...(options.nodeArgs ?? [])],
      ...(options.memoryLimit === undefined ? {} : { memoryLimit: options.memoryLimit }),
      env: {
        GENAUTH_URL: upstream.url,
        GENAUTH_ACCESS_KEY_ID: 'bench-key-id',
        GENAUTH_ACCESS_KEY_SECRET: 'bench-key-secret',
        GENAUTH_MAX_RPS: '100000',
        AUDIT_LOG: join(journalFolder, 'journal.jsonl'),
        RATE_LIMITS: UNREACHED_LIMITS,
        ...(isQuiet ? { LOG_LEVEL: 'warn' } : { METRICS_PORT: `${metricsPort}` }),
        ...issuer.env,
        ...env,
      },
    },
    async url => (await ask(url, { method: 'GET', path: '/ready' })).status === 200,
  )
  const metrics = {
    url: `http://127.0.0.1:${metricsPort}`,
    counter: 'genauth_graphql_responses_total',
  }
  return {
    ...server,
    evidence: {
      journalFolder,
      requestLog: isQuiet ? null : logFile,
      metrics: isQuiet ? null : metrics,
    },
  }
}
