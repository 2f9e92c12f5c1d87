// Runs the built layer in a process of its own, under production settings, and callers for it.
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { Pool } from 'undici'
import { onCore } from './cores.mjs'
import { endWithParent } from './end-with-parent.mjs'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const READ = 'query ($id: String!) { userMfa(userId: $id) { __typename ... on MfaError { code } } }'
const SET = `mutation ($id: String!) { setUserMfaStatus(input: { userId: $id, factors: [{ type: EMAIL }],
  triggerData: { mfaToken: "bench" } }) { __typename ... on MfaError { code } ... on MfaUpstreamUnavailableError { outcome } } }`
const PATCH = `mutation ($id: String!, $enable: [MfaFactorType!], $disable: [MfaFactorType!]) {
  setUserMfaStatus(input: { userId: $id, enable: $enable, disable: $disable, allowNoFactor: true }) {
    __typename ... on MfaError { code } } }`
const CHANGE = `mutation ($id: String!, $enable: [MfaFactorType!]) {
  setUserMfaStatus(input: { userId: $id, enable: $enable }) { __typename
    ... on SetUserMfaStatusSuccess { applied warnings { code } }
    ... on MfaUpstreamUnavailableError { outcome } ... on MfaError { code } } }`
const KINDS = {
  change: ['setUserMfaStatus', CHANGE],
  patch: ['setUserMfaStatus', PATCH],
  read: ['userMfa', READ],
  set: ['setUserMfaStatus', SET],
}

/** A GenAuth that checks keys must know this one. */
export const ACCESS_KEY = { accessKeyId: 'bench', accessKeySecret: 'bench-secret' }

/** Starts an issuer. A layer that trusts it accepts the tokens of callers. */
export async function startIssuer() {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'bench', alg: 'ES256', use: 'sig' }]
  const server = createServer((_request, response) => response.end(JSON.stringify({ keys })))
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${server.address().port}`
  return {
    env: { AUTH_JWKS_URL: url, AUTH_ISSUER: url, AUTH_AUDIENCE: 'bench' },
    token: sub =>
      new SignJWT({ scope: 'mfa:read mfa:write mfa:report' })
        .setProtectedHeader({ alg: 'ES256', kid: 'bench' })
        .setIssuer(url)
        .setAudience('bench')
        .setSubject(sub)
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(privateKey),
    close: () => server.close(),
  }
}

/**
 * Starts the layer in front of a GenAuth. `core` is `null` for any core. `env` is added to production settings without
 * limits for each caller.
 */
export async function startLayer(genauthUrl, env = {}, { core = null } = {}) {
  const issuer = await startIssuer()
  const directory = mkdtempSync(join(tmpdir(), 'layer-'))
  const [command, ...args] = onCore(core, [process.execPath, 'dist/main.js'])
  const child = spawn(command, args, {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      PORT: '0',
      AUDIT_LOG: join(directory, 'audit.jsonl'),
      RATE_LIMITS: 'off',
      GENAUTH_URL: genauthUrl,
      GENAUTH_ACCESS_KEY_ID: ACCESS_KEY.accessKeyId,
      GENAUTH_ACCESS_KEY_SECRET: ACCESS_KEY.accessKeySecret,
      ...issuer.env,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  endWithParent(child)
  const closed = new Promise(resolve => child.once('close', resolve))
  const events = []
  const requests = []
  const sharing = []
  const url = await new Promise((resolve, reject) => {
    let rest = ''
    child.once('close', code => reject(new Error(`The layer ended with ${code}`)))
    child.stdout.on('data', chunk => {
      const lines = `${rest}${chunk}`.split('\n')
      rest = lines.pop()
      for (const line of lines) {
        if (line.includes('"msg":"request"')) {
          const { time, durationMs, operation } = JSON.parse(line)
          requests.push({ endedAtMs: Date.parse(time) - performance.timeOrigin, ms: durationMs, operation })
        }
        if (line.includes('"msg":"ready"')) resolve(new URL(JSON.parse(line).graphql))
        if (line.includes('"msg":"circuit breaker"')) events.push(toEvent(line))
        if (line.includes('"redis":"')) sharing.push(toSharing(line))
      }
    })
  })
  const pool = new Pool(url.origin, { connections: 1_000, pipelining: 1 })

  return {
    pid: child.pid,
    /** The changes of the breakers. */
    events,
    /** The log lines about Redis. */
    sharing,
    /** The duration of each request by the layer's own clock. */
    requests,
    /** Returns a function that sends documents as one caller. Without a response, `status` is the code of the error. */
    async poster(sub) {
      const common = {
        authorization: `Bearer ${await issuer.token(sub)}`,
        'content-type': 'application/json',
      }
      return async (query, variables, headers = {}) => {
        const { statusCode, body } = await pool
          .request({
            method: 'POST',
            path: url.pathname,
            headers: { ...common, ...headers },
            body: JSON.stringify({ query, variables }),
          })
          .catch(error => ({ statusCode: error.code, body: { json: () => ({}) } }))
        // A refusal of Node's own server has no body.
        const { data, errors } = await Promise.resolve(body.json()).catch(() => ({}))
        return { status: statusCode, data, errors }
      }
    },
    /** Returns all records of its journal so far. */
    journal() {
      const files = readdirSync(directory, { recursive: true, withFileTypes: true })
      const lines = files
        .filter(file => file.isFile())
        .flatMap(file => readFileSync(join(file.parentPath, file.name), 'utf8').split('\n'))
      return lines.filter(line => line.startsWith('{"') && line.endsWith('}')).map(line => JSON.parse(line))
    },
    /**
     * Returns a function that sends as one caller. Its result is the duration, and the member or the code of the
     * response.
     */
    async caller(sub) {
      const post = await this.poster(sub)
      return async (kind, id, more = {}) => {
        const [field, query] = KINDS[kind]
        const startedAtMs = performance.now()
        const { status, data, errors } = await post(query, { id, ...more })
        const member = data?.[field]
        return {
          kind,
          sub,
          startedAtMs,
          ms: performance.now() - startedAtMs,
          isOk: member?.__typename === 'UserMfa' || member?.__typename === 'SetUserMfaStatusSuccess',
          /** `null` if there is no payload. */
          member: member ?? null,
          code: member?.code ?? errors?.[0]?.extensions?.code ?? status,
        }
      }
    },
    /** Stops the process, like a stalled virtual machine, until `resume`. */
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    /** Kills the process, which gets no chance to do anything. `close` is still needed. */
    kill() {
      child.kill('SIGKILL')
      return closed
    },
    async close() {
      await pool.close()
      child.kill('SIGTERM')
      await closed
      issuer.close()
      rmSync(directory, { recursive: true })
    },
  }
}

function toEvent(line) {
  const { time, kind, state } = JSON.parse(line)
  return { atMs: Date.parse(time) - performance.timeOrigin, kind, state }
}

function toSharing(line) {
  const { time, redis, reason } = JSON.parse(line)
  return { atMs: Date.parse(time) - performance.timeOrigin, redis, reason }
}

export function sleep(ms) {
  return new Promise(resolve => setTimeout(resolve, ms))
}

/** Returns a latency distribution in whole milliseconds. */
export function toSpread(answers) {
  const sorted = answers.map(({ ms }) => ms).sort((a, b) => a - b)
  const at = share =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN)
  return { answers: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}

export function toCounts(values) {
  const counts = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}
