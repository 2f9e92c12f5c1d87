import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout } from 'node:timers/promises'

const READY_WITHIN_MS = 20_000
const PAUSE_MS = 50

/** A port that was free a moment ago. */
export async function findFreePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

/** In a group of its own where it is detached: npx, and what that started. */
const endings = new Set()
process.once('exit', () => {
  for (const end of endings) end()
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1))

/** A process with all that it printed; `exited` resolves with its code. */
export function start([command, ...args], options) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
  const end = () => (options.detached ? process.kill(-child.pid, 'SIGKILL') : child.kill('SIGKILL'))
  endings.add(end)
  child.once('exit', () => endings.delete(end))
  const started = { child, output: '', exited: once(child, 'close').then(([code, signal]) => code ?? signal) }
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', chunk => {
      started.output += chunk
    })
  }
  return started
}

/** Waits until `find` finds something in what a process printed. */
export async function waitFor(started, find) {
  for (let waitedMs = 0; waitedMs < READY_WITHIN_MS; waitedMs += PAUSE_MS) {
    const found = find(started.output)
    if (found) return found
    if (started.child.exitCode !== null) break
    await setTimeout(PAUSE_MS)
  }
  throw new Error(`Not what was waited for:\n${started.output}`)
}

/** Asks the sandbox's Ada for her factors, as its administrator; throws unless the answer is hers. */
export async function askForAda(url, sandboxUrl) {
  const query = '{ userMfa(userId: "ada", userIdType: USERNAME) { ... on UserMfa { posture } } }'
  expectText(await ask(url, sandboxUrl, query), '{"data":{"userMfa":{"posture":"PROTECTED"}}}')
}

/** Switches Ada's SMS off, as the sandbox's administrator; throws unless that is done. */
export async function changeAda(url, sandboxUrl) {
  const input = '{ userId: "ada", userIdType: USERNAME, disable: [SMS] }'
  const query = `mutation { setUserMfaStatus(input: ${input}) { ... on SetUserMfaStatusSuccess { applied } } }`
  expectText(await ask(url, sandboxUrl, query), '{"data":{"setUserMfaStatus":{"applied":true}}}')
}

async function ask(url, sandboxUrl, query) {
  const { admin } = await (await fetch(`${sandboxUrl}/sandbox/tokens`)).json()
  const headers = { authorization: `Bearer ${admin}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ query })
  return (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).text()
}

function expectText(found, expected) {
  if (found !== expected) throw new Error(`A wrong answer: ${found}`)
}
