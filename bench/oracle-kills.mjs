// Kills the server with -9 under load, again and again, in front of a GenAuth that holds writes back. No
// recorded outcome may be untrue.
//
//   npm run build && node bench/oracle-kills.mjs [--kills 500] [--servers 8] [--hold 6000] [--follow-up 150] [--timeout 1000]
//
// Some servers run at the same time, each with a journal and users of its own. Each is started, gets writes,
// and is killed up to 2.5 s after its first write. Its next start finds what it left. After its last kill it
// is started once more without load, and may follow up for `--follow-up` seconds. `--hold` is the longest
// time, in milliseconds, until GenAuth carries a write out. `--timeout` is GENAUTH_TIMEOUT_MS, which is
// short, so that many writes are in doubt.
//
// After each restart and at the end, the journal and the results for callers are searched for
//
// - APPLIED, but the write was never carried out,
// - NOT_APPLIED, but it was, before or afterwards,
// - a follow-up INTENDED, but the state was never in force by then,
// - a write that was carried out twice, an intent with two outcomes, or a chain that is not in order.
//
// The exit code is 1 if there was one of these. It takes about ten minutes on two cores.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { BUILT_SERVER, print, readOptions } from './stand.mjs'
import { endWithParent } from './support/end-with-parent.mjs'
import { startHoldingGenAuth } from './support/holding-genauth.mjs'
import { toCounts } from './support/layer.mjs'

const options = readOptions({
  kills: 500,
  servers: 8,
  hold: 6_000,
  'follow-up': 150,
  timeout: 1_000,
  server: BUILT_SERVER,
})
const CLIENTS = 10
const USERS_PER_SERVER = 30
const MAX_LOAD_MS = 2_500
const MAX_THINKING_MS = 40
const START_WAIT_MS = 60_000
/** The wait for the first write of a server, which is slow at first on a busy machine. */
const FIRST_WRITE_WAIT_MS = 20_000
/** A caller without a confirmation usually tries the same again. */
const REPEAT_SHARE = 0.6
const SET = `mutation ($user: String!, $sort: Int!, $token: String!) { setUserMfaStatus(input: { userId: $user,
  factors: [{ type: EMAIL, sort: $sort }], triggerData: { mfaToken: $token } }) {
  __typename ... on SetUserMfaStatusSuccess { applied changes { code } }
  ... on MfaUpstreamUnavailableError { outcome } } }`
const AUDIT_KEY = 'the audit key of the kills'

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms))
let serial = 0

async function startIssuer() {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const jwks = JSON.stringify({
    keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256', use: 'sig' }],
  })
  const server = createServer((_request, response) => response.end(jwks))
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${server.address().port}`
  const token = await new SignJWT({
    scope: 'mfa:read mfa:write',
    client_id: 'kills',
    auth_time: toSeconds(Date.now()),
  })
    .setProtectedHeader({ alg: 'ES256', kid: 'k', typ: 'at+jwt' })
    .setIssuer(url)
    .setAudience('kills')
    .setSubject('caller')
    .setIssuedAt()
    .setExpirationTime('2h')
    .sign(privateKey)
  return { url, token, close: () => server.close() }
}

const toSeconds = ms => Math.floor(ms / 1_000)

/** Starts a server, which lives until it is killed. */
async function startServer(folder, genauth, issuer) {
  const child = spawn(process.execPath, [options.server], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      PORT: '0',
      GENAUTH_URL: genauth.url,
      GENAUTH_ACCESS_KEY_ID: 'kills',
      GENAUTH_ACCESS_KEY_SECRET: 'kills-secret',
      GENAUTH_MAX_RPS: '100000',
      GENAUTH_TIMEOUT_MS: `${options.timeout}`,
      REQUEST_DEADLINE_MS: '4000',
      AUTH_JWKS_URL: issuer.url,
      AUTH_ISSUER: issuer.url,
      AUTH_AUDIENCE: 'kills',
      AUDIT_LOG: join(folder, 'audit.jsonl'),
      AUDIT_KEY,
      RATE_LIMITS: 'off',
      LOG_LEVEL: 'info',
    },
  })
  endWithParent(child)
  const exited = once(child, 'close')
  const url = await new Promise((resolve, reject) => {
    let text = ''
    child.stdout.on('data', chunk => {
      text += chunk
      const found = /"graphql":"([^"]+)"/.exec(text)
      if (found !== null) resolve(found[1])
    })
    exited.then(() => reject(new Error(`The server did not start: ${text}`)))
    setTimeout(() => reject(new Error(`The server does not start: ${text}`)), START_WAIT_MS).unref()
  })
  return {
    url,
    async end(signal) {
      child.kill(signal)
      await exited
    },
  }
}

/** The claims to callers, by the ID of the request. */
const told = new Map()

async function runClient(users, url, token, isOpen) {
  let wanted = null
  while (isOpen()) {
    await sleep(Math.random() * MAX_THINKING_MS)
    const id = `w-${++serial}`
    wanted ??= { user: users[Math.floor(Math.random() * users.length)], sort: serial }
    const answer = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'x-request-id': id },
      body: JSON.stringify({ query: SET, variables: { ...wanted, token: id } }),
    })
      .then(response => response.json())
      .catch(() => null)
    const word = toWord(answer)
    told.set(id, word)
    if (word === 'APPLIED' || Math.random() > REPEAT_SHARE) wanted = null
  }
}

function toWord(answer) {
  const payload = answer?.data?.setUserMfaStatus
  if (payload == null) return answer === null ? 'NO_ANSWER' : `ERROR ${answer.errors?.[0]?.extensions?.code}`
  if (payload.__typename === 'SetUserMfaStatusSuccess') return payload.applied ? 'APPLIED' : 'UNCHANGED'
  return payload.outcome ?? 'NOT_APPLIED'
}

const toUserId = (index, n) => (index * 1_000 + n + 1).toString(16).padStart(24, '0')

/**
 * Returns all records of a server in no order, those of sealed segments too. A last line that a kill has cut short is
 * left out.
 */
function readRecords(folder) {
  return readdirSync(folder)
    .filter(name => name.startsWith('audit') && !name.includes('.lock'))
    .flatMap(name => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1))
    .map(line => JSON.parse(line))
}

/** Returns the false claims of a journal. A NOT_APPLIED is judged only after the last held write. */
function findLies(records, genauth, isOver) {
  const intents = new Map(records.filter(({ kind }) => kind === 'intent').map(intent => [intent.id, intent]))
  const concluded = new Set()
  const lies = []
  for (const record of records) {
    const intent = intents.get(record.intent)
    if (intent === undefined) continue
    const times = genauth.timesCarriedOut(intent.requestId)
    const say = what => lies.push({ what, request: intent.requestId, recovered: record.recovered ?? null })
    if (times > 1) say('carried out twice')
    if (record.kind === 'outcome') {
      if (concluded.has(record.intent)) say('two outcomes')
      concluded.add(record.intent)
      if (record.outcome === 'APPLIED' && times === 0) say('APPLIED, but never carried out')
      if (record.outcome === 'NOT_APPLIED' && isOver && times > 0) say('NOT_APPLIED, but carried out')
    }
    if (record.kind === 'followUp' && record.found === 'INTENDED') {
      const [{ sort }] = intent.factorsAfter
      const isTrue = genauth.wasInForce(intent.user.genauthId, sort, Date.parse(record.time))
      if (!isTrue) say('followed up as INTENDED, but never in force')
    }
  }
  return lies
}

/** Counts intents that have no outcome, or an outcome UNKNOWN without a follow-up. */
function countUnresolved(records) {
  const unresolved = new Set(records.filter(({ kind }) => kind === 'intent').map(({ id }) => id))
  for (const { kind, intent, outcome } of records) {
    if (kind === 'followUp' || (kind === 'outcome' && outcome !== 'UNKNOWN')) unresolved.delete(intent)
  }
  return unresolved.size
}

async function runServer(index, kills, genauth, issuer, lies) {
  const folder = mkdtempSync(join(tmpdir(), 'kills-'))
  const users = Array.from({ length: USERS_PER_SERVER }, (_, n) => toUserId(index, n))
  const look = isOver => {
    const records = readRecords(folder)
    lies.push(...findLies(records, genauth, isOver))
    return records
  }
  for (let n = 0; n < kills; n++) {
    const server = await startServer(folder, genauth, issuer)
    const before = genauth.arrivals(users)
    let isOpen = true
    const clients = Array.from({ length: CLIENTS }, () =>
      runClient(users, server.url, issuer.token, () => isOpen),
    )
    const giveUpAtMs = Date.now() + FIRST_WRITE_WAIT_MS
    while (genauth.arrivals(users) === before && Date.now() < giveUpAtMs) await sleep(5)
    await sleep(Math.random() * MAX_LOAD_MS)
    isOpen = false
    await server.end('SIGKILL')
    await Promise.all(clients)
    if (n % 10 === 0) look(false)
  }
  const server = await startServer(folder, genauth, issuer)
  const endsAtMs = Date.now() + options['follow-up'] * 1_000
  while (Date.now() < endsAtMs && (genauth.held() > 0 || countUnresolved(readRecords(folder)) > 0))
    await sleep(1_000)
  await server.end('SIGTERM')
  const records = look(true)
  try {
    execFileSync(process.execPath, [options.server, 'audit-verify', join(folder, 'audit.jsonl')], {
      env: { AUDIT_KEY, PATH: process.env.PATH },
    })
    rmSync(folder, { recursive: true })
  } catch (error) {
    lies.push({ what: `the chain is not in order: ${error.stdout}`, folder })
  }
  return records
}

const startedAtMs = Date.now()
const genauth = await startHoldingGenAuth({ maxHoldMs: options.hold })
const issuer = await startIssuer()
const lies = []
const lives = Array.from({ length: options.servers }, (_, index) => {
  const kills = Math.floor((options.kills + index) / options.servers)
  return runServer(index, kills, genauth, issuer, lies)
})
const records = (await Promise.all(lives)).flat()
for (const [id, word] of told) {
  const times = genauth.timesCarriedOut(id)
  if (word === 'APPLIED' && times === 0)
    lies.push({ what: 'told APPLIED, but never carried out', request: id })
  if (word === 'NOT_APPLIED' && times > 0)
    lies.push({ what: 'told NOT_APPLIED, but carried out', request: id })
}
const outcomes = records.filter(({ kind }) => kind === 'outcome')
const toLine = counts => JSON.stringify(toCounts(counts))
print(`kills: ${options.kills}, servers: ${options.servers}, seconds: ${toSeconds(Date.now() - startedAtMs)}`)
print(
  `intents: ${records.filter(({ kind }) => kind === 'intent').length}, unresolved at the end: ${countUnresolved(records)}`,
)
print(
  `outcomes while the process lived: ${toLine(outcomes.filter(({ recovered }) => !recovered).map(({ outcome }) => outcome))}`,
)
print(
  `outcomes found after a kill: ${toLine(outcomes.filter(({ recovered }) => recovered).map(({ outcome }) => outcome))}`,
)
print(`follow-ups: ${toLine(records.filter(({ kind }) => kind === 'followUp').map(({ found }) => found))}`)
print(`told to callers: ${toLine([...told.values()])}`)
print(`lies: ${lies.length}`)
for (const lie of lies.slice(0, 20)) print(`  ${JSON.stringify(lie)}`)
genauth.close()
issuer.close()
process.exit(lies.length > 0 ? 1 : 0)
