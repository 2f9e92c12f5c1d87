import type { Logger } from 'pino'
import type { Closers } from './base/closers.ts'
import { required } from './base/required.ts'
import type { Config } from './config/config.ts'
import type { RereadSecrets } from './config/reread-secrets.ts'
import { createGenAuthClient, type GenAuthClient } from './genauth/client.ts'
import type { UpstreamObserver } from './genauth/upstream-observer.ts'
import { namingListenFaults } from './http/listen-error.ts'
import type { ReplicaSharing, ReplicaSharingOptions } from './replicas.ts'
import type { Sandbox } from './sandbox/sandbox.ts'

export interface UpstreamOptions {
  readonly config: Pick<Config, 'genauth' | 'sandbox' | 'redis'>
  /** `null` if no secret comes from a file. */
  readonly rereadSecrets: RereadSecrets | null
  /** Everything that is started is added here. */
  readonly closers: Closers
  /** Throws if the start must stop. */
  readonly goOnUnlessStopped: () => void
  readonly observer: UpstreamObserver
  readonly log: Logger
}

export interface Upstream {
  readonly genauthClient: GenAuthClient
  readonly accessKeySecret: string
  /** `null` if a real GenAuth is used. */
  readonly sandbox: Sandbox | null
  /** `null` if nothing is shared with other replicas. */
  readonly replicas: ReplicaSharing | null
}

/**
 * Starts the parts that lead to GenAuth:
 *
 * - the client,
 * - the sharing of its budget, if there are other replicas,
 * - the embedded sandbox, if there is no access key.
 *
 * The last two are loaded only if they are used.
 *
 * @throws ListenError if the sandbox cannot listen
 */
export async function startUpstream(options: UpstreamOptions): Promise<Upstream> {
  const { config, rereadSecrets, closers, goOnUnlessStopped, observer, log } = options
  const { clock } = observer
  const { genauth, redis } = config
  const sandbox = closers.add(genauth.access === null ? await startSandbox(config) : null)
  goOnUnlessStopped()
  const replicas = closers.add(
    redis && (await startReplicas({ ...redis, maxRps: genauth.maxRps, clock, log })),
  )
  goOnUnlessStopped()

  const { url, accessKeyId, accessKeySecret } = genauth.access ?? required(sandbox)
  const genauthClient = closers.add(
    createGenAuthClient({
      ...genauth,
      ...(replicas === null ? {} : { rateLimiter: replicas.rateLimiter }),
      url,
      accessKey: { accessKeyId, accessKeySecret },
      rereadKey: rereadSecrets && (() => rereadSecrets()?.access ?? null),
      clock,
      observer,
      log,
    }),
  )
  // The question makes the client fetch a token, so that the first caller need not wait for it.
  genauthClient.isReady()
  return { genauthClient, accessKeySecret, sandbox, replicas }
}

/** Loads the parts that use Redis only if there is one. */
async function startReplicas(options: ReplicaSharingOptions): Promise<ReplicaSharing> {
  const { shareWithReplicas } = await import('./replicas.ts')
  return shareWithReplicas(options)
}

/** Loads the stand-in only if it is used. */
async function startSandbox({ sandbox, genauth }: UpstreamOptions['config']): Promise<Sandbox> {
  const { startSandbox: start } = await import('./sandbox/sandbox.ts')
  const { headerPrefix, userPoolId } = genauth
  const pool = userPoolId === null ? {} : { userPoolId }
  const starting = start({ ...sandbox, headerPrefix, ...pool })
  return namingListenFaults({ port: 'SANDBOX_PORT', host: null }, starting)
}
