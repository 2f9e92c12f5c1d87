import type { Config } from './config/config.ts'
import { namingListenFaults } from './http/listen-error.ts'
import type { Sandbox } from './sandbox/sandbox.ts'

/**
 * Starts the embedded stand-in for GenAuth. It is loaded only when it is used.
 *
 * @throws ListenError
 */
export async function startSandbox({ sandbox, genauth }: Config): Promise<Sandbox> {
  const { startSandbox: start } = await import('./sandbox/sandbox.ts')
  const { headerPrefix, userPoolId } = genauth
  const pool = userPoolId === null ? {} : { userPoolId }
  const starting = start({ ...sandbox, headerPrefix, ...pool })
  return namingListenFaults({ port: 'SANDBOX_PORT', host: null }, starting)
}
