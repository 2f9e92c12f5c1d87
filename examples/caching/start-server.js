import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createGenAuth } from './create-genauth.js'
import { endWithParent } from './end-with-parent.js'
import { startLine } from './start-line.js'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const READY_TRIES = 200

/**
 * Starts the built server, its sandbox as a process of its own, and a line between the two that can be cut.
 */
export async function startServer() {
  const sandbox = run(['sandbox'], { SANDBOX_PORT: '0' })
  const genauth = {}
  for await (const text of sandbox.lines) {
    const [name, value] = text.split('=')
    genauth[name] = value
    if (name === 'GENAUTH_ACCESS_KEY_SECRET') break
  }
  const sandboxUrl = genauth.GENAUTH_URL
  const line = await startLine(sandboxUrl)
  const server = run([], {
    PORT: '0',
    ...genauth,
    GENAUTH_URL: line.url,
    AUTH_JWKS_URL: `${sandboxUrl}/sandbox/jwks`,
    AUTH_ISSUER: `${sandboxUrl}/sandbox`,
    AUTH_AUDIENCE: 'genauth-graphql',
  })
  const url = await new Promise((resolve, reject) => {
    server.process.once('exit', () => reject(new Error('The server did not start')))
    server.lines.on('line', text => {
      const { graphql } = JSON.parse(text)
      if (graphql !== undefined) resolve(graphql)
    })
  })
  for (let tries = 0; !(await fetch(new URL('/ready', url))).ok; tries++) {
    if (tries === READY_TRIES) throw new Error('The server was not ready')
    await setTimeout(50)
  }
  const { admin: token } = await (await fetch(`${sandboxUrl}/sandbox/tokens`)).json()
  return {
    url,
    token,
    genauth: createGenAuth(sandboxUrl, genauth),
    line,
    async close() {
      await stop(server.process)
      await stop(sandbox.process)
      line.close()
    },
  }
}

function run(args, env) {
  const child = endWithParent(
    spawn(process.execPath, [MAIN, ...args], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', args[0] === 'sandbox' ? 'ignore' : 'inherit'],
    }),
  )
  return { process: child, lines: createInterface(child.stdout) }
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}
