// The parts that the measurements of overload and of shutdown share. These are an upstream, a built server in
// production settings, and requests to it, each in a process of its own.
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { endWithParent } from './support/end-with-parent.mjs'

export const BUILT_SERVER = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const UPSTREAM = fileURLToPath(new URL('./upstream.mjs', import.meta.url))
const CALLERS = 10
const READ =
  'query Find($id: String!) { userMfa(userId: $id) { __typename ... on UserMfa { factors { code enabled } } } }'
const WRITE =
  'mutation Set($id: String!) { setUserMfaStatus(input: { userId: $id, enable: [EMAIL] }) { __typename } }'

/** Starts the upstream. With `hang` it never replies to a write. */
export async function startUpstream({ delayMs = 5, hang = false } = {}) {
  const child = endWithParent(fork(UPSTREAM, [JSON.stringify({ delayMs, callers: CALLERS, hang })]))
  const [{ url, audience, tokens }] = await once(child, 'message')
  return {
    url,
    audience,
    tokens,
    child,
    /** Lets this share of calls fail from now on, in one way after another. */
    failAt: share => child.send({ faultShare: share }),
    stop: () => child.kill('SIGKILL'),
  }
}

/** Starts a built server with its journal on disk, and waits until it listens. */
export async function startServer(upstream, { script = BUILT_SERVER, env = {}, nodeArguments = [] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  const journal = join(folder, 'audit.jsonl')
  const child = spawn(process.execPath, [...nodeArguments, script], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      PORT: '0',
      GENAUTH_URL: upstream.url,
      GENAUTH_ACCESS_KEY_ID: 'bench-key-id',
      GENAUTH_ACCESS_KEY_SECRET: 'bench-key-secret',
      GENAUTH_MAX_RPS: '100000',
      AUTH_JWKS_URL: `${upstream.url}/jwks`,
      AUTH_ISSUER: upstream.url,
      AUTH_AUDIENCE: upstream.audience,
      AUDIT_LOG: journal,
      RATE_LIMITS: 'off',
      ...env,
    },
  })
  endWithParent(child)
  const exited = once(child, 'close')
  const url = await new Promise((resolve, reject) => {
    let text = ''
    const look = chunk => {
      text += chunk
      const found = /"graphql":"([^"]+)\/graphql"/.exec(text)
      if (found === null) return
      child.stdout.off('data', look)
      child.stdout.resume()
      resolve(found[1])
    }
    child.stdout.on('data', look)
    exited.then(() => reject(new Error(`The server did not start: ${text}`)))
  })
  for (;;) {
    const ready = await fetch(`${url}/ready`).catch(() => null)
    if (ready?.status === 200) break
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return {
    url,
    child,
    journal,
    exited,
    async stop() {
      child.kill('SIGKILL')
      await exited
      rmSync(folder, { recursive: true })
    },
  }
}

let serial = 0

/** Returns the next request of a mix of reads and writes, each about another user. */
export function nextRequest(upstream, shareOfWrites) {
  const n = serial++
  const isWrite = Math.random() < shareOfWrites
  const id = (n % 0xffffff).toString(16).padStart(24, '0')
  return {
    kind: isWrite ? 'write' : 'read',
    path: '/graphql',
    method: 'POST',
    headers: {
      authorization: `Bearer ${upstream.tokens[n % upstream.tokens.length]}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ query: isWrite ? WRITE : READ, variables: { id } }),
  }
}

/** Returns the outcome of a response: done, refused as overloaded, or any other one by name. */
export function toOutcome(statusCode, text) {
  if (statusCode === 503 && text.includes('"OVERLOADED"')) return 'refused'
  const done = statusCode === 200 && /"__typename":"(UserMfa|SetUserMfaStatusSuccess)"/.test(text)
  return done ? 'accepted' : `${statusCode} ${/"(?:__typename|code)":"(\w+)"/.exec(text)?.[1] ?? ''}`
}

/** The client waits a little longer than the deadline, and then gives up. */
const PATIENCE_MS = 12_000

/** Sends one request, and returns its outcome and the time since it was due. */
export async function send(pool, upstream, dueAtMs, shareOfWrites) {
  const { kind, ...request } = nextRequest(upstream, shareOfWrites)
  try {
    const { statusCode, body } = await pool.request({ ...request, signal: AbortSignal.timeout(PATIENCE_MS) })
    const outcome = toOutcome(statusCode, await body.text())
    return { kind, outcome, ms: performance.now() - dueAtMs }
  } catch (error) {
    const outcome = error.name === 'TimeoutError' ? 'given up' : error.code
    return { kind, outcome, ms: performance.now() - dueAtMs }
  }
}

/** As many as keep the server busy, but few enough to avoid a long queue. */
const CLOSED_LOOP_CLIENTS = 32
const CAPACITY_SECONDS = 10

/** Returns the results per second of a closed loop, in the second half of ten seconds. */
export async function measureCapacity(pool, upstream, shareOfWrites) {
  const endsAtMs = performance.now() + CAPACITY_SECONDS * 1_000
  const countFromMs = performance.now() + (CAPACITY_SECONDS * 1_000) / 2
  let done = 0
  const client = async () => {
    while (performance.now() < endsAtMs) {
      const { outcome } = await send(pool, upstream, performance.now(), shareOfWrites)
      if (outcome === 'accepted' && performance.now() > countFromMs) done++
    }
  }
  await Promise.all(Array.from({ length: CLOSED_LOOP_CLIENTS }, client))
  return done / (CAPACITY_SECONDS / 2)
}

export function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** Reads `--name value` pairs over defaults. */
export function readOptions(defaults) {
  const options = { ...defaults }
  for (let at = 2; at < process.argv.length; at += 2) {
    const name = process.argv[at].replace(/^--/, '')
    if (!(name in defaults)) throw new Error(`Unknown option ${name}; there are ${Object.keys(defaults)}`)
    const value = process.argv[at + 1]
    options[name] = typeof defaults[name] === 'number' ? Number(value) : value
  }
  return options
}

export function print(line) {
  process.stdout.write(`${line}\n`)
}
