import { loadConfig } from '../config/config.ts'
import { namingListenFaults } from '../http/listen-error.ts'
import type { RunCommand } from './call.ts'
import { createOutput } from './output.ts'

/** Serves the sandbox alone until the process receives a stop signal. */
export const serveSandbox: RunCommand = async ({ program, signals, end }) => {
  signals.handleHangUps(() => end(129))
  const options = toOptions(program.env)
  const { startSandbox } = await import('../sandbox/sandbox.ts')
  if (signals.stopSignal !== null) return 0
  const sandbox = await namingListenFaults({ port: 'SANDBOX_PORT', host: null }, startSandbox(options))
  const { url, accessKeyId, accessKeySecret } = sandbox
  program.stderr.write(
    'The sandbox is a stand-in for GenAuth with made-up users, for development and tests.\n',
  )
  const output = createOutput({ stream: program.stdout, onFailure: () => {}, onDropped: () => {} })
  output.print(
    `GENAUTH_URL=${url}\nGENAUTH_ACCESS_KEY_ID=${accessKeyId}\nGENAUTH_ACCESS_KEY_SECRET=${accessKeySecret}\n`,
  )
  await signals.stopped()
  await sandbox.close()
  return 0
}

function toOptions(env: NodeJS.ProcessEnv) {
  const { genauth, sandbox } = loadConfig(env)
  return { headerPrefix: genauth.headerPrefix, port: sandbox.port, userCount: sandbox.userCount }
}
