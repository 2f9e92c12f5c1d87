import { ask } from './http-connection.ts'
import type { Issuer } from './issuer.ts'
import { SERVER_SCRIPT, toScript } from './paths.ts'
import { type RunningProcess, SUBJECT_CORE, startProcess } from './start-process.ts'
import type { Upstream } from './start-upstream.ts'

export interface ServerStartOptions {
  readonly name: string
  readonly upstream: Upstream
  readonly issuer: Issuer
  /** The journal's file. */
  readonly auditLog: string
  /** The file that takes its log, at the default level. */
  readonly logFile: string
  /** Variables that are added to its environment. */
  readonly env?: Readonly<Record<string, string>>
  readonly nodeArgs?: readonly string[]
}

/** Limits that are counted as in production and never reached. */
const UNREACHED_LIMITS = 'reads=9999999,writes=9999999,weakenings=9999999,misses=9999999'

/**
 * Starts this server as shipped, in production settings: `dist/main.js` and an environment. Resolves when it is ready.
 */
export function startServer(options: ServerStartOptions): Promise<RunningProcess> {
  return startProcess(
    {
      name: options.name,
      script: SERVER_SCRIPT,
      core: SUBJECT_CORE,
      logFile: options.logFile,
      nodeArgs: ['--import', toScript('harness/count-syncs.js'), ...(options.nodeArgs ?? [])],
      env: {
        GENAUTH_URL: options.upstream.url,
        GENAUTH_ACCESS_KEY_ID: 'bench-key-id',
        GENAUTH_ACCESS_KEY_SECRET: 'bench-key-secret',
        AUDIT_LOG: options.auditLog,
        RATE_LIMITS: UNREACHED_LIMITS,
        GENAUTH_MAX_RPS: '100000',
        ...options.issuer.env,
        ...options.env,
      },
    },
    async url => (await ask(url, { method: 'GET', path: '/ready' })).status === 200,
  )
}
