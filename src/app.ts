import { setTimeout } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { createGenAuthClient } from './genauth/client.ts'
import { createMfaServices } from './mfa/services.ts'
import type { Sandbox } from './sandbox/sandbox.ts'
import { schema } from './schema/index.ts'
import { startServer } from './server/server.ts'

/** Parts that a test puts in the place of the real ones. */
export interface AppOverrides {
  /** Milliseconds since 1970, for what expires. */
  readonly now?: () => number
  /** For what waits between two attempts. */
  readonly sleep?: (ms: number) => Promise<void>
}

/** The running product. `close` stops it in order: no new requests, the last answers, then the upstream. */
export interface App extends AsyncDisposable {
  /** Where `/graphql` and `/health` are. */
  readonly url: string
  /** Where the embedded GenAuth stand-in listens; null when a real GenAuth is used. */
  readonly sandboxUrl: string | null
  close(): Promise<void>
}

type Closer = () => Promise<void>

/**
 * Puts the product together, each part once, in dependency order, and starts it.
 *
 * @throws what listening throws, as `EADDRINUSE`, after closing what was already started
 */
export async function createApp(config: Config, log: Logger, overrides: AppOverrides = {}): Promise<App> {
  const { genauth, server } = config
  const { now = Date.now, sleep = setTimeout } = overrides
  const closers: Closer[] = []
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }

  try {
    const { url, accessKeyId, accessKeySecret } = genauth.access ?? (await startSandbox(config, closers))
    const upstream = createGenAuthClient({ ...genauth, url, accessKeyId, accessKeySecret, now, log })
    closers.push(() => upstream.close())

    const mfa = createMfaServices({
      upstream,
      journal: { begin: async () => async () => {} },
      accessKeySecret,
      now,
      sleep,
    })
    const listening = await startServer({ ...server, schema, mfa, log })
    closers.push(() => listening.close())

    return {
      url: listening.url,
      sandboxUrl: genauth.access === null ? url : null,
      close,
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** The stand-in is loaded only when it is used. */
async function startSandbox({ sandbox, genauth }: Config, closers: Closer[]): Promise<Sandbox> {
  const { startSandbox: start } = await import('./sandbox/sandbox.ts')
  const { headerPrefix, userPoolId } = genauth
  const started = await start({
    port: sandbox.port,
    headerPrefix,
    ...(userPoolId === null ? {} : { userPoolId }),
  })
  closers.push(() => started.close())
  return started
}
