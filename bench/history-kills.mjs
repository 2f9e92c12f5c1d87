// Kills the server with -9 at each point between the outcome of a change and its place in the history, again and again.
// Does the history equal the journal after the next start?
//
//   npm run build && node bench/history-kills.mjs [--engine file|postgres] [--kills 100]
//
// The points are those of `support/kill-at.mjs`. Callers change users all the time. Every second kill is in the start
// itself, while the server reads what the process before left out. After each kill the server is started once more and
// left alone until it says that the history is not behind. Then it is stopped, and
//
// - each intent of the journal must be one change in the history, with its outcome, later look and state,
// - there must be no other change in the history,
// - no mark may be beyond the journal.
//
// The exit code is 1 if one of these is not so.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { isDeepStrictEqual } from 'node:util'
import { startSandbox } from '../dist/sandbox/sandbox.js'
import { toStoredChange } from '../dist/store/changes/change-row.js'
import { openDatabase } from '../dist/store/open-database.js'
import { parseStoreUrl } from '../dist/store/store-target.js'
import { readOptions } from './stand.mjs'
import { freePort } from './support/free-port.mjs'
import { ACCESS_KEY, sleep, startLayer } from './support/layer.mjs'
import { startPostgres } from './support/postgres.mjs'
import { print } from './support/print.mjs'

const options = readOptions({ engine: 'file', kills: 100 })
const POINTS = [
  'when the outcome is durable',
  'before the transaction',
  'before the changes',
  'between the changes and the mark',
  'before the end of the transaction',
  'after the transaction',
]
const CALLERS = 4
const KILLED_WITHIN_MS = 30_000
const CAUGHT_UP_WITHIN_MS = 60_000
const HOOK = new URL('support/kill-at.mjs', import.meta.url).href

const folder = mkdtempSync(join(tmpdir(), 'history-kills-'))
const sandbox = await startSandbox({ port: 0, ...ACCESS_KEY, maxRequestsPerSecond: 1_000_000 })
const postgres = options.engine === 'postgres' ? await startPostgres() : null
const storeUrl = (await postgres?.createDatabase('kills')) ?? `file:${join(folder, 'store.db')}`
const metricsPort = await freePort()
const env = {
  AUDIT_LOG: join(folder, 'audit.jsonl'),
  AUDIT_KEY: 'the audit key of the kills',
  // The least, so that changes go over from one segment to the next.
  AUDIT_SEGMENT_BYTES: '65536',
  STORE_URL: storeUrl,
  METRICS_PORT: `${metricsPort}`,
}
const users = Array.from(
  { length: 20 },
  (_, n) => `65a0000000000000000000${(n + 1).toString(16).padStart(2, '0')}`,
)

const faults = []
const counts = { kills: 0, 'kills in a start': 0, 'not killed': 0 }
for (let n = 0; n < options.kills; n++) {
  const point = POINTS[n % POINTS.length]
  const isInStart = n % 2 === 1 && point !== 'when the outcome is durable'
  const how = await killAt(point, isInStart)
  counts[how]++
  const missing = await catchUp()
  const { changes, found } = await compare()
  faults.push(...found.map(fault => `${point}: ${fault}`))
  print({ kill: n + 1, point, how, changes, 'caught up': missing, faults: found.length })
}
print({ ...counts, faults: faults.length })
for (const fault of faults) print({ 'BROKEN PROMISE': fault })
await postgres?.close()
await sandbox.close()
rmSync(folder, { recursive: true })
process.exit(faults.length === 0 ? 0 : 1)

/** Changes users until the server is dead. */
async function killAt(point, isInStart) {
  const more = {
    NODE_OPTIONS: `--import ${HOOK}`,
    KILL_AT: point,
    KILL_AFTER: `${isInStart ? 0 : Math.floor(Math.random() * 6)}`,
    KILL_IN_START: isInStart ? '1' : '0',
  }
  // A start that is to be killed needs something to catch up with.
  if (isInStart) await killAt('when the outcome is durable', false)
  const layer = await startLayer(sandbox.url, { ...env, ...more }).catch(() => null)
  if (layer === null) return 'kills in a start'
  const endsAtMs = Date.now() + KILLED_WITHIN_MS
  let isDead = false
  await Promise.all(
    Array.from({ length: CALLERS }, async (_, n) => {
      const send = await layer.caller(`caller-${n}`)
      for (let round = 0; !isDead && Date.now() < endsAtMs; round++) {
        const change = round % 2 === 0 ? { disable: ['SMS'] } : { enable: ['SMS'] }
        const { code } = await send('patch', users[(n + round * CALLERS) % users.length], change)
        if (typeof code === 'string' && /^(E|UND_)/.test(code)) isDead = true
      }
    }),
  )
  await layer.kill()
  await layer.close()
  return isDead ? 'kills' : 'not killed'
}

/** Starts the server without a load until the history is not behind. Returns how many milliseconds that took. */
async function catchUp() {
  const layer = await startLayer(sandbox.url, env)
  const at = performance.now()
  while (!(await isCaughtUp())) {
    if (performance.now() - at > CAUGHT_UP_WITHIN_MS) throw new Error('The history stays behind')
    await sleep(20)
  }
  const ms = Math.round(performance.now() - at)
  await layer.close()
  return `${ms} ms`
}

async function isCaughtUp() {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
  return /^genauth_graphql_history_behind 0$/m.test(text)
}

async function compare() {
  const records = readRecords()
  const database = await openDatabase(parseStoreUrl(storeUrl).target, false)
  const rows = (await database.tables.selectFrom('mfa_changes').selectAll().execute()).map(toStoredChange)
  const marks = await database.tables.selectFrom('mfa_change_chains').selectAll().execute()
  await database.close()
  const changes = new Map(rows.map(row => [row.id, row]))
  const found = []
  for (const record of records.filter(({ kind }) => kind === 'intent')) {
    const change = changes.get(record.id)
    changes.delete(record.id)
    const about = records.filter(({ intent }) => intent === record.id)
    const expected = {
      user: { kind: 'ID', userId: record.user.genauthId },
      atMs: Date.parse(record.time),
      actor: record.caller,
      outcome: about.find(({ kind }) => kind === 'outcome')?.outcome ?? null,
      followUp: about.find(({ kind }) => kind === 'followUp')?.found ?? null,
      factorsBefore: record.factorsBefore,
      factorsAfter: record.factorsAfter,
      revisionIntended: record.revisionIntended,
    }
    const actual = change && Object.fromEntries(Object.keys(expected).map(name => [name, change[name]]))
    if (change === undefined) found.push(`intent ${record.id} is missing`)
    else if (!isDeepStrictEqual(actual, expected)) found.push(`intent ${record.id} is another`)
  }
  for (const id of changes.keys()) found.push(`change ${id} is in no journal`)
  const bySeq = new Map(records.map(({ seq, hash }) => [seq, hash]))
  for (const { seq, hash } of marks)
    if (bySeq.get(seq) !== hash) found.push(`the mark ${seq} is not of the journal`)
  return { changes: rows.length, found }
}

function readRecords() {
  const files = readdirSync(folder).filter(name => /^audit\.jsonl(\.\d{6})?$/.test(name))
  return files.flatMap(name =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map(line => JSON.parse(line)),
  )
}
