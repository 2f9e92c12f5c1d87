import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { endWithParent } from '../../supergraph/end-with-parent.js'
import { startTap } from '../../supergraph/upstream-tap.js'

const MAIN = fileURLToPath(new URL('../../../dist/main.js', import.meta.url))

/**
 * Starts the built server and the sandbox as processes of their own, on free ports. Between the two is a tap that lets
 * a chosen call fail, since the sandbox itself never does.
 */
export async function startServer(settings) {
  const sandbox = run(['sandbox'], { SANDBOX_PORT: '0' }, 'ignore')
  const genauth = {}
  for await (const line of sandbox.lines) {
    const [name, value] = line.split('=')
    genauth[name] = value
    if (name === 'GENAUTH_ACCESS_KEY_SECRET') break
  }
  const sandboxUrl = genauth.GENAUTH_URL
  const tap = await startTap(sandboxUrl)
  const server = run(
    [],
    {
      PORT: '0',
      ...genauth,
      GENAUTH_URL: tap.url,
      AUTH_JWKS_URL: `${sandboxUrl}/sandbox/jwks`,
      AUTH_ISSUER: `${sandboxUrl}/sandbox`,
      AUTH_AUDIENCE: 'genauth-graphql',
      ...settings,
    },
    'inherit',
  )
  const url = await new Promise((resolve, reject) => {
    server.process.once('exit', () => reject(new Error('The server did not start')))
    server.lines.on('line', line => {
      const { graphql } = JSON.parse(line)
      if (graphql !== undefined) resolve(graphql)
    })
  })
  // Until the keys of callers' tokens are loaded.
  while (!(await fetch(new URL('/ready', url))).ok) await setTimeout(50)
  const { admin: token } = await (await fetch(`${sandboxUrl}/sandbox/tokens`)).json()

  return {
    url,
    token,
    sandboxUrl,
    tap,
    callGenauth: await openGenauth(sandboxUrl, genauth),
    async close() {
      await stop(server.process)
      await stop(sandbox.process)
      await tap.close()
    },
  }
}

/** Returns a function that calls GenAuth's own REST API, as another client of GenAuth does. */
async function openGenauth(url, { GENAUTH_ACCESS_KEY_ID, GENAUTH_ACCESS_KEY_SECRET }) {
  async function call(method, endpoint, params, token) {
    const isGet = method === 'GET'
    const response = await fetch(
      `${url}/api/v3/${endpoint}${isGet ? `?${new URLSearchParams(params)}` : ''}`,
      {
        method,
        headers: {
          'content-type': 'application/json',
          'x-authing-userpool-id': '65a0000000000000000000ff',
          ...(token !== undefined && { authorization: token }),
        },
        ...(!isGet && { body: JSON.stringify(params) }),
      },
    )
    const { statusCode, message, data } = await response.json()
    if (statusCode !== 200) throw new Error(`${endpoint}: ${message}`)
    return data
  }
  const { access_token } = await call('POST', 'get-management-token', {
    accessKeyId: GENAUTH_ACCESS_KEY_ID,
    accessKeySecret: GENAUTH_ACCESS_KEY_SECRET,
  })
  return (method, endpoint, params) => call(method, endpoint, params, access_token)
}

function run(args, env, stderr) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', stderr],
  })
  return { process: endWithParent(child), lines: createInterface(child.stdout) }
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill()
  await once(child, 'exit')
}
