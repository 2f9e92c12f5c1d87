// Measures the cost of the audit journal: writes per second through the built server over HTTP, in production
// settings.
//
// - `file`: the journal on a file, every group of records synced to the disk, as in production.
// - `no sync`: the same, but the calls that sync do nothing. The difference is the cost of the disk.
// - `stdout`: the journal on stdout, into a pipe whose reader throws it away. Records are built and chained.
// - `store`: the journal in a PostgreSQL of the script's own, which syncs each commit. It is measured if it is named.
//
// No setting turns the journal off. `stdout` comes nearest to it. Rounds are interleaved, in one order and
// the reverse.
//
//   npm run build && node bench/journal-throughput.mjs
//   ROUNDS=5 ROUND_MS=2000 CONCURRENCY=1,16,64 JOURNAL_DIR=<folder on the disk to be measured>
//   VARIANTS=file,store
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  fdatasyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import pg from 'pg'
import { Pool } from 'undici'
import { endWithParent } from './support/end-with-parent.mjs'
import { startPostgres } from './support/postgres.mjs'

const SELF = fileURLToPath(import.meta.url)
const SERVER = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const UPSTREAM = 'upstream'
const AUDIENCE = 'bench'
const VARIANTS = (process.env.VARIANTS ?? 'file,no sync,stdout').split(',')
const WARM_UP_MS = 1_000
const READY_LOOKS = 200
const READY_PAUSE_MS = 300
const SYNC_SAMPLES = 200
/** The records of the store that were counted already. It has one chain. */
let printed = 0

const QUERY = `mutation ($input: SetUserMfaStatusInput!) {
  setUserMfaStatus(input: $input) { __typename ... on SetUserMfaStatusSuccess { applied } }
}`

/**
 * Runs in the server before its own code. It counts the calls that sync a file, or turns them off, and reports the
 * processor time.
 */
const PRELOAD = `
  import { open } from 'node:fs/promises'
  const handle = await open('/dev/null')
  const prototype = Object.getPrototypeOf(handle)
  let syncs = 0
  for (const name of ['sync', 'datasync']) {
    const real = prototype[name]
    prototype[name] = function () {
      syncs++
      return process.env.BENCH_NO_SYNC === '1' ? Promise.resolve() : real.call(this)
    }
  }
  await handle.close()
  const cpuMs = ({ user, system }) => (user + system) / 1_000
  process.on('message', () => process.send({ syncs, cpuMs: cpuMs(process.cpuUsage()) }))
  process.channel.unref()
`

if (process.argv[2] === UPSTREAM) await serveUpstream()
else await main()

async function main() {
  const rounds = Number(process.env.ROUNDS ?? 5)
  const roundMs = Number(process.env.ROUND_MS ?? 2_000)
  const concurrencies = (process.env.CONCURRENCY ?? '1,16,64').split(',').map(Number)
  const folder = mkdtempSync(join(process.env.JOURNAL_DIR ?? tmpdir(), 'journal-throughput-'))
  const upstream = endWithParent(fork(SELF, [UPSTREAM]))
  const servers = new Map()
  const postgres = VARIANTS.includes('store') ? await startPostgres({ syncs: true }) : null
  const storeUrl = (await postgres?.createDatabase('journal')) ?? null
  try {
    const [{ url, token }] = await once(upstream, 'message')
    for (const variant of VARIANTS)
      servers.set(variant, await spawnServer(variant, { url, folder, storeUrl }))
    for (const server of servers.values()) await becomeReady(server)
    printMachine(folder)
    for (const concurrency of concurrencies) {
      const results = new Map(VARIANTS.map(variant => [variant, []]))
      for (const variant of VARIANTS) await load(servers.get(variant), { token, concurrency, ms: WARM_UP_MS })
      for (let round = 0; round < rounds; round++) {
        for (const variant of round % 2 === 0 ? VARIANTS : VARIANTS.toReversed()) {
          results.get(variant).push(await load(servers.get(variant), { token, concurrency, ms: roundMs }))
        }
      }
      printResults(concurrency, results)
      if (storeUrl !== null) await printCommits(storeUrl)
    }
    if (!VARIANTS.includes('file')) return
    const sets = countIntents(folder, 'file.jsonl')
    print(`records: the journal on a file has an intent and an outcome of each of ${sets} sets`)
  } finally {
    for (const { child } of servers.values()) child.kill()
    upstream.kill()
    await postgres?.close()
    rmSync(folder, { recursive: true })
  }
}

async function spawnServer(variant, { url, folder, storeUrl }) {
  const port = await findFreePort()
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(PRELOAD)}`,
    PORT: `${port}`,
    LOG_LEVEL: 'fatal',
    RATE_LIMITS: 'off',
    GENAUTH_MAX_RPS: '100000',
    GENAUTH_URL: url,
    GENAUTH_ACCESS_KEY_ID: 'bench',
    GENAUTH_ACCESS_KEY_SECRET: 'bench-secret-of-no-account',
    GENAUTH_USER_POOL_ID: 'pool',
    AUTH_JWKS_URL: `${url}/jwks`,
    AUTH_ISSUER: url,
    AUTH_AUDIENCE: AUDIENCE,
    AUDIT_LOG: ['stdout', 'store'].includes(variant)
      ? variant
      : join(folder, `${variant.replace(' ', '-')}.jsonl`),
    ...(variant === 'store' ? { STORE_URL: storeUrl } : {}),
    BENCH_NO_SYNC: variant === 'no sync' ? '1' : '0',
  }
  const child = endWithParent(
    spawn(process.execPath, [SERVER], { env, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] }),
  )
  child.stdout.resume()
  return { child, address: `http://127.0.0.1:${port}` }
}

async function becomeReady({ child, address }) {
  for (let look = 0; look < READY_LOOKS; look++) {
    if (child.exitCode !== null) throw new Error('A server ended at its start')
    const answer = await fetch(`${address}/ready`).catch(() => null)
    if (answer?.status === 200) return
    await setTimeout(READY_PAUSE_MS)
  }
  throw new Error('A server does not become ready')
}

/** Runs as many callers in parallel, each with a user whose one factor goes off and on. */
async function load({ child, address }, { token, concurrency, ms }) {
  const pool = new Pool(address, { connections: concurrency, pipelining: 1 })
  const before = await usage(child)
  const startedAtMs = performance.now()
  const endsAtMs = startedAtMs + ms
  let sets = 0
  const call = async worker => {
    let enable = false
    for (; performance.now() < endsAtMs; enable = !enable) {
      if (!(await setOnce(pool, token, worker, enable))) throw new Error('A set was not applied')
      sets++
    }
    // The state is left as it was found, for the next round.
    if (await setOnce(pool, token, worker, true)) sets++
  }
  await Promise.all(Array.from({ length: concurrency }, (_, worker) => call(worker)))
  const seconds = (performance.now() - startedAtMs) / 1_000
  const after = await usage(child)
  await pool.close()
  return {
    perSecond: sets / seconds,
    syncsPerSet: (after.syncs - before.syncs) / sets,
    cpuMsPerSet: (after.cpuMs - before.cpuMs) / sets,
  }
}

/** Returns `true` if the write was applied. Anything but a success ends the run. */
async function setOnce(pool, token, worker, enable) {
  const userId = (worker + 1).toString(16).padStart(24, '0')
  const input = { userId, [enable ? 'enable' : 'disable']: ['OTP'] }
  const { statusCode, body } = await pool.request({
    path: '/graphql',
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: QUERY, variables: { input } }),
  })
  const text = await body.text()
  const set = JSON.parse(text).data?.setUserMfaStatus
  if (statusCode !== 200 || set?.__typename !== 'SetUserMfaStatusSuccess') {
    throw new Error(`Not a set: HTTP ${statusCode}, ${text}`)
  }
  return set.applied
}

async function usage(child) {
  const answered = once(child, 'message')
  child.send('usage')
  return (await answered)[0]
}

/** Counts in all segments, since a long run fills more than one. */
function countIntents(folder, name) {
  const kinds = readdirSync(folder)
    .filter(file => file.startsWith(name))
    .flatMap(file => readFileSync(join(folder, file), 'utf8').trim().split('\n'))
    .flatMap(line => (line.startsWith('{') ? [JSON.parse(line).kind] : []))
  const count = kind => kinds.filter(found => found === kind).length
  if (count('intent') !== count('outcome')) throw new Error('An intent has no outcome')
  return count('intent')
}

/** A row names the transaction that stored it. */
async function printCommits(storeUrl) {
  const client = new pg.Client({ connectionString: storeUrl })
  await client.connect()
  const { rows } = await client.query(
    `select count(*)::int as records, count(distinct xmin::text)::int as commits from mfa_journal_records
     where seq > $1`,
    [printed],
  )
  await client.end()
  const [{ records, commits }] = rows
  printed += records
  print(`store: ${records} records in ${commits} commits, ${(records / commits).toFixed(2)} a commit`)
}

function printMachine(folder) {
  const path = join(folder, 'probe')
  const file = openSync(path, 'a')
  const samplesMs = []
  for (let n = 0; n < SYNC_SAMPLES; n++) {
    writeSync(file, 'x'.repeat(1_500))
    const startedAtMs = performance.now()
    fdatasyncSync(file)
    samplesMs.push(performance.now() - startedAtMs)
  }
  closeSync(file)
  const fileSystem = `0x${statfsSync(folder).type.toString(16)}`
  print(`machine: ${cpus().length} x ${cpus()[0]?.model}, node ${process.version}`)
  print(
    `disk: file system type ${fileSystem}, one fdatasync takes ${median(samplesMs).toFixed(2)} ms (median)`,
  )
  print(
    'concurrency | variant | sets/s (median, range) | of file: ratio (median, range) | syncs per set | processor ms per set',
  )
}

function printResults(concurrency, results) {
  const file = results.get('file')
  for (const [variant, rounds] of results) {
    const ratios = rounds.map(({ perSecond }, round) => file[round].perSecond / perSecond)
    const speeds = toRange(
      rounds.map(({ perSecond }) => perSecond),
      0,
    )
    const ratio = variant === 'file' ? '-' : `file is ${toRange(ratios, 2)} of it`
    const syncs = ['stdout', 'store'].includes(variant)
      ? '-'
      : median(rounds.map(round => round.syncsPerSet)).toFixed(2)
    const cpu = median(rounds.map(round => round.cpuMsPerSet)).toFixed(2)
    print(`${concurrency} | ${variant} | ${speeds} | ${ratio} | ${syncs} | ${cpu}`)
  }
}

function toRange(values, digits) {
  const [low, middle, high] = [Math.min(...values), median(values), Math.max(...values)]
  return `${middle.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2
}

function print(line) {
  process.stdout.write(`${line}\n`)
}

async function findFreePort() {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address()
  probe.close()
  await once(probe, 'close')
  return port
}

/** Serves a GenAuth that replies immediately and stores writes, and an issuer of callers' tokens. */
async function serveUpstream() {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const jwks = JSON.stringify({
    keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256', use: 'sig' }],
  })
  const state = {
    mfaToken: 'bench-token',
    mfaPhone: null,
    totpMfaEnabled: true,
    applicationMfa: ['SMS', 'OTP'].map((mfaPolicy, sort) => ({ mfaPolicy, status: 1, sort })),
  }
  const managementToken = await new SignJWT({ scoped_userpool_id: 'pool' })
    .setProtectedHeader({ alg: 'ES256' })
    .sign(privateKey)
  const states = new Map()

  const answer = (endpoint, params) => {
    switch (endpoint) {
      case 'get-management-token':
        return { access_token: managementToken, expires_in: 7_200 }
      case 'get-mfa-status':
        return states.get(params.userId) ?? state
      case 'set-mfa-status':
        states.set(params.userId, params.mfaTriggerData)
        return { success: true }
      default:
        throw new Error(`Not asked for here: ${endpoint}`)
    }
  }

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost')
    let text = ''
    for await (const chunk of request) text += chunk
    response.setHeader('content-type', 'application/json')
    if (pathname === '/jwks') return response.end(jwks)
    const params = text === '' ? Object.fromEntries(searchParams) : JSON.parse(text)
    const data = answer(pathname.replace('/api/v3/', ''), params)
    response.end(JSON.stringify({ statusCode: 200, message: '', data }))
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${server.address().port}`
  const token = await new SignJWT({ scope: 'mfa:read mfa:write', client_id: 'bench' })
    .setProtectedHeader({ alg: 'ES256', kid: 'k', typ: 'at+jwt' })
    .setIssuer(url)
    .setAudience(AUDIENCE)
    .setSubject('bench')
    .setIssuedAt()
    .setExpirationTime('2h')
    .sign(privateKey)
  process.send({ url, token })
}
