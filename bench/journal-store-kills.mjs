// Kills servers that keep their journal in PostgreSQL, at each of five points of a write, in turns. No recorded
// outcome may be untrue, and each intent must get exactly one.
//
//   npm run build && node bench/journal-store-kills.mjs [--kills 500] [--sets 3] [--timeout 1000] [--follow-up 150]
//
// Two replicas share a PostgreSQL and a Redis, which are started on free ports. One of them gets `--sets` changes
// at the same time, each of a user of its own. It dies with -9 when the first of them is at the point. It is
// started again, and the other one is next. So each of them takes over chains of the other, and dies in the
// middle of that, too. GenAuth carries a write out up to 20 ms after it arrived, even if its sender is dead by then.
//
// After the last kill both replicas live on until each intent has its outcome. Then they may follow up the writes
// in doubt for `--follow-up` seconds. These are promises, and a broken one is exit code 1:
//
// - all chains are in order, and each intent has exactly one outcome
// - APPLIED was carried out, and NOT_APPLIED was not
// - a follow-up found INTENDED exactly if the write was carried out
// - no caller was told otherwise, and no write was carried out twice or without its intent
//
// It takes about 30 minutes for 500 kills on two cores.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { toAuditKeyring } from '../dist/journal/audit-key.js'
import { verifyChains } from '../dist/journal/store/verify-chains.js'
import { readChainStore } from '../dist/store/journal/read-chain-store.js'
import { parseStoreUrl } from '../dist/store/store-target.js'
import { BUILT_SERVER, readOptions } from './stand.mjs'
import { endWithParent } from './support/end-with-parent.mjs'
import { startKeepingWrites } from './support/keeping-writes.mjs'
import { ACCESS_KEY, sleep, startIssuer, toCounts } from './support/layer.mjs'
import { startPostgres } from './support/postgres.mjs'
import { print } from './support/print.mjs'
import { startRedis } from './support/redis.mjs'

const options = readOptions({ kills: 500, sets: 3, timeout: 1_000, 'follow-up': 150 })
const POINTS = ['before intent', 'after intent', 'during the write', 'after the write', 'before the answer']
const DELAYS_MS = [0, 2, 5, 10, 25]
const AUDIT_KEY = 'the audit key of the kills'
const KILLS_WITHOUT_PAUSE = 20
const PAUSE_MS = 25_000
const START_WAIT_MS = 60_000
const DEATH_WAIT_MS = 20_000
/** A lease of 15 s, the same time for others to renew theirs, a look, and the time of a write in flight. */
const CONCLUDED_WITHIN_MS = 60_000
const JOURNAL = new URL('../dist/journal/background-journal.js', import.meta.url)
const SET = `mutation ($user: String!) { setUserMfaStatus(input: { userId: $user, enable: [EMAIL] }) {
  __typename ... on SetUserMfaStatusSuccess { applied } ... on MfaUpstreamUnavailableError { outcome } } }`

/** Runs in the server before its own code. The script says at which point it dies. */
const PRELOAD = `
  const { BackgroundJournal } = await import(${JSON.stringify(JOURNAL)})
  const begin = BackgroundJournal.prototype.begin
  let armed = { point: null, delayMs: 0 }
  process.on('message', message => { armed = message })
  process.channel.unref()
  const dieAt = point => { if (point === armed.point) process.kill(process.pid, 'SIGKILL') }
  BackgroundJournal.prototype.begin = async function (intent) {
    dieAt('before intent')
    const conclude = await begin.call(this, intent)
    dieAt('after intent')
    setTimeout(dieAt, armed.delayMs, 'during the write')
    return async (...conclusion) => {
      dieAt('after the write')
      await conclude(...conclusion)
      dieAt('before the answer')
    }
  }
`

const startedAtMs = performance.now()
const broken = []
const told = new Map()
const genauth = await startKeepingWrites()
const issuer = await startIssuer()
const postgres = await startPostgres()
const redis = await startRedis()
const storeUrl = await postgres.createDatabase('journal')
const token = await issuer.token('kills')
const servers = await Promise.all([startServer(), startServer()])
const ready = [...servers.map(() => Promise.resolve())]

for (let kill = 0; kill < options.kills; kill++) {
  const turn = kill % servers.length
  // Only a server that lives for a lease takes over what is not given back.
  if (kill % KILLS_WITHOUT_PAUSE === KILLS_WITHOUT_PAUSE - 1) await sleep(PAUSE_MS)
  await ready[turn]
  await killAt(servers[turn], POINTS[kill % POINTS.length], kill)
  ready[turn] = startServer().then(server => {
    servers[turn] = server
  })
}
await Promise.all(ready)
const killedAtMs = performance.now()
await untilConcluded()
await judge()
for (const promise of broken) print({ 'BROKEN PROMISE': promise })
if (broken.length === 0) print({ 'broken promises': 'none' })
for (const { child } of servers) child.kill('SIGKILL')
await redis.kill()
await postgres.close()
process.exit(broken.length === 0 ? 0 : 1)

async function startServer() {
  const child = spawn(process.execPath, [BUILT_SERVER], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: {
      PATH: process.env.PATH,
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(PRELOAD)}`,
      NODE_ENV: 'production',
      PORT: '0',
      GENAUTH_URL: genauth.url,
      GENAUTH_ACCESS_KEY_ID: ACCESS_KEY.accessKeyId,
      GENAUTH_ACCESS_KEY_SECRET: ACCESS_KEY.accessKeySecret,
      GENAUTH_MAX_RPS: '10000',
      GENAUTH_TIMEOUT_MS: `${options.timeout}`,
      ...issuer.env,
      AUDIT_LOG: 'store',
      AUDIT_KEY,
      STORE_URL: storeUrl,
      REDIS_URL: redis.url,
      RATE_LIMITS: 'off',
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
    exited.then(() => reject(new Error(`A server did not start: ${text}`)))
    setTimeout(() => reject(new Error(`A server does not start: ${text}`)), START_WAIT_MS).unref()
  })
  return { child, exited, url }
}

/** Sends changes to a server, and returns when it is dead. */
async function killAt({ child, exited, url }, point, kill) {
  child.send({ point, delayMs: DELAYS_MS[Math.floor(kill / POINTS.length) % DELAYS_MS.length] })
  const users = Array.from({ length: options.sets }, (_, set) => toUserId(kill * options.sets + set))
  const changes = users.map(async user => told.set(user, await change(url, user)))
  const isDead = await Promise.race([exited.then(() => true), sleep(DEATH_WAIT_MS).then(() => false)])
  if (!isDead)
    throw new Error(`A server does not die ${point}: ${JSON.stringify([...told].slice(-options.sets))}`)
  await Promise.all(changes)
}

/** 24 hexadecimal digits, as GenAuth's ids are. */
function toUserId(n) {
  return (n + 1).toString(16).padStart(24, '0')
}

/** Returns what the caller was told. `null` if the connection ended before. */
async function change(url, user) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: SET, variables: { user } }),
  })
    .then(response => response.json())
    .catch(() => null)
  if (answer === null) return null
  const set = answer.data?.setUserMfaStatus
  if (set?.__typename === 'SetUserMfaStatusSuccess') return 'APPLIED'
  return set?.outcome ?? answer.errors?.[0]?.extensions?.code ?? set?.__typename
}

async function verify() {
  const store = await readChainStore(parseStoreUrl(storeUrl).target)
  try {
    const ring = toAuditKeyring({ auditKeys: [AUDIT_KEY], accessKeySecret: '' })
    const verified = await verifyChains(store.chains, ring)
    return { verified, records: await readAll(store.chains) }
  } finally {
    await store[Symbol.asyncDispose]()
  }
}

async function readAll(chains) {
  const records = []
  for (const { chainId, segment: last } of await chains.list()) {
    for (let segment = 1; segment <= last; segment++) {
      for (let after = 0, found; ; after = found.at(-1).seq) {
        found = await chains.readLines(chainId, segment, after)
        if (found.length === 0) break
        records.push(...found.map(({ line }) => JSON.parse(line)))
      }
    }
  }
  return records
}

/** Waits until nothing is open, and then until nothing is in doubt. */
async function untilConcluded() {
  const count = async list => (await verify()).verified.flatMap(chain => chain[list]).length
  for (const [list, withinMs] of [
    ['openIntents', CONCLUDED_WITHIN_MS],
    ['inDoubt', options['follow-up'] * 1_000],
  ]) {
    const endsAtMs = performance.now() + withinMs
    while ((await count(list)) > 0 && performance.now() < endsAtMs) await sleep(1_000)
    print({ [`seconds until none is ${list}`]: ((performance.now() - killedAtMs) / 1_000).toFixed(0) })
  }
}

async function judge() {
  const { verified, records } = await verify()
  const of = kind => records.filter(record => record.kind === kind)
  const [intents, outcomes, followUps] = [of('intent'), of('outcome'), of('followUp')]
  const written = new Map()
  for (const user of genauth.writes) written.set(user, (written.get(user) ?? 0) + 1)
  for (const { chainId, breaks } of verified) {
    for (const { what } of breaks) broken.push(`chain ${chainId} is not in order: ${what}`)
  }
  const outcomesOf = groupByIntent(outcomes)
  for (const { id, user } of intents) {
    const found = outcomesOf.get(id) ?? []
    if (found.length !== 1) broken.push(`intent ${id} has ${found.length} outcomes`)
    const isWritten = written.has(user.genauthId)
    for (const { outcome } of found) {
      if (outcome === 'APPLIED' && !isWritten) broken.push(`intent ${id} is APPLIED, but was not carried out`)
      if (outcome === 'NOT_APPLIED' && isWritten)
        broken.push(`intent ${id} is NOT_APPLIED, but was carried out`)
    }
    for (const { found: finding } of followUps.filter(({ intent }) => intent === id)) {
      if ((finding === 'INTENDED') !== isWritten) broken.push(`intent ${id}: the follow-up found ${finding}`)
    }
  }
  const known = new Set(intents.map(({ user }) => user.genauthId))
  for (const [user, times] of written) {
    if (times > 1) broken.push(`user ${user} was written ${times} times`)
    if (!known.has(user)) broken.push(`user ${user} was written without an intent`)
  }
  for (const [user, word] of told) {
    if (word === 'APPLIED' && !written.has(user)) broken.push(`user ${user}: the caller was told APPLIED`)
    if (word === 'NOT_APPLIED' && written.has(user))
      broken.push(`user ${user}: the caller was told NOT_APPLIED`)
  }
  const unresolved = verified.flatMap(({ openIntents, inDoubt }) => [...openIntents, ...inDoubt])
  if (unresolved.length > 0) broken.push(`${unresolved.length} intents are open or in doubt`)
  const takenOver = records.filter(({ kind, seq }) => kind === 'opened' && seq > 1).length
  print({
    kills: options.kills,
    chains: verified.length,
    'takeovers of a chain': takenOver,
    intents: intents.length,
    'carried out': written.size,
    outcomes: toCounts(
      outcomes.map(({ outcome, recovered }) => `${outcome}${recovered ? ' recovered' : ''}`),
    ),
    'follow-ups': toCounts(followUps.map(({ found }) => found)),
    'callers were told': toCounts([...told.values()].map(word => word ?? 'nothing')),
    seconds: ((performance.now() - startedAtMs) / 1_000).toFixed(0),
  })
}

function groupByIntent(outcomes) {
  const groups = new Map()
  for (const outcome of outcomes) groups.set(outcome.intent, [...(groups.get(outcome.intent) ?? []), outcome])
  return groups
}
