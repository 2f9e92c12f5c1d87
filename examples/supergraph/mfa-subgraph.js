import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { endWithParent } from './end-with-parent.js'
import { startIssuer } from './issuer.js'
import { startTap } from './upstream-tap.js'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

/**
 * Starts this product as a subgraph, its sandbox as a process of its own, a tap between the two, and an issuer of
 * tokens.
 *
 * @param env settings of the product in addition to the defaults
 */
export async function startMfa(env = {}) {
  const sandbox = run(['sandbox'], { SANDBOX_PORT: '0' })
  const genauth = {}
  for await (const line of sandbox.lines) {
    const [name, value] = line.split('=')
    genauth[name] = value
    if (name === 'GENAUTH_ACCESS_KEY_SECRET') break
  }
  const sandboxUrl = genauth.GENAUTH_URL
  const tap = await startTap(sandboxUrl)
  const issuer = await startIssuer()

  const server = run([], {
    PORT: '0',
    ...genauth,
    GENAUTH_URL: tap.url,
    ...issuer.env,
    ...env,
  })
  const journal = []
  const requests = []
  const url = await new Promise((resolve, reject) => {
    server.process.once('exit', () => reject(new Error('The subgraph did not start')))
    server.lines.on('line', line => {
      const record = JSON.parse(line)
      if (record.graphql !== undefined) resolve(record.graphql)
      if (record.kind === 'intent') journal.push(record)
      if (record.msg === 'request') requests.push(record)
    })
  })
  // Waits until the keys of callers' tokens are loaded.
  while (!(await fetch(new URL('/ready', url))).ok) await setTimeout(50)

  return {
    url,
    tokens: issuer.tokens,
    /** Returns the records of the writes that were about to be sent. */
    journal,
    /** Returns the lines of the log about requests that are over. */
    requests,
    tap,
    sdl: await fetchSdl(url, issuer.tokens.none),
    stopSandbox: () => stop(sandbox.process),
    async close() {
      await stop(server.process)
      await stop(sandbox.process)
      await tap.close()
      await issuer.close()
    },
  }
}

/** Fetches the schema that the subgraph publishes, as a registry would. */
async function fetchSdl(url, token) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: '{ _service { sdl } }' }),
  })
  return (await response.json()).data._service.sdl
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
