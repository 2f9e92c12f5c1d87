/**
 * Measures what the history of changes costs in a store.
 *
 *     node bench/history.mjs [file:/path/store.db | postgres://…] [changes] [users]
 *
 * Without a URL it uses a file of a temporary folder, and removes it. A database must be empty. It prints:
 *
 * - the time to read the changes from a journal into the store, and the longest time for which that blocked the event
 *   loop,
 * - the bytes of a change,
 * - the time of a page of 20 changes of one user, and of finding one change,
 * - the CPU time of a change with and without the index.
 */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { systemClock } from '../dist/base/clock.js'
import { createRest } from '../dist/base/rest.js'
import { ChainIndexer } from '../dist/history/chain-indexer.js'
import { createIndexedChanges } from '../dist/history/indexed-changes.js'
import { toAuditKeyring } from '../dist/journal/audit-key.js'
import { createJournal } from '../dist/journal/create-journal.js'
import { createHistorySeal } from '../dist/journal/history/create-history-seal.js'
import { createFileRecords } from '../dist/journal/history/file-records.js'
import { parseStoreUrl } from '../dist/store/store-target.js'

const folder = mkdtempSync(join(tmpdir(), 'history-bench-'))
const [url = `file:${folder}/store.db`, count = '100000', users = '5000'] = process.argv.slice(2)
const parsed = parseStoreUrl(url)
if (!parsed.ok) throw new Error(parsed.rule)
const say = (name, value) => console.log(`${name.padEnd(44)} ${value}`)
const log = { info() {}, warn() {}, error: (...what) => console.error(...what) }
const ring = toAuditKeyring({ auditKeys: ['a key for this measurement'], accessKeySecret: '' })
const toUserId = n => (0x65_b0_00_00_00 + n).toString(16).padStart(24, '0')

const path = join(folder, 'audit.jsonl')
const target = { kind: 'file', path, segmentBytes: 16_777_216, pid: process.pid, isAlive: () => true }
const journal = await createJournal({ target, keys: ring, clock: systemClock, log })
const factors = bits =>
  ['SMS', 'EMAIL', 'OTP', 'FACE'].map((code, n) => ({ code, enabled: (bits & (1 << n)) !== 0, sort: n }))
const trace = { traceId: 'f'.repeat(32), spanId: 'f'.repeat(16), isSampled: true }
const caller = { issuer: 'https://sign-in.example.com/oidc', subject: toUserId(7), client: 'support-console' }
async function set(n) {
  const userId = toUserId(n % Number(users))
  const conclude = await journal.begin({
    request: { requestId: randomUUID(), trace, caller },
    given: { userId, userIdType: 'USER_ID' },
    genauthId: userId,
    factorsBefore: factors(n),
    factorsAfter: factors(n + 1),
    changedFields: [],
    revisionBefore: `r2.${'b'.repeat(22)}`,
    revisionIntended: `r2.${'a'.repeat(22)}`,
    reason: 'Lost phone, ticket 4711',
    effects: ['WEAKENING'],
    railsPassed: ['NO_FACTOR', 'STEP_UP'],
    revertOf: null,
  })
  await conclude({ outcome: 'APPLIED', failure: null, upstreamRequestId: randomUUID() })
}
for (let n = 0; n < Number(count); n += 500) {
  await Promise.all(Array.from({ length: 500 }, (_, more) => set(n + more)))
}

const { createStore } = await import('../dist/store/create-store.js')
const store = await createStore({
  target: parsed.target,
  isAlone: true,
  userPoolId: () => null,
  clock: systemClock,
  log,
})
if (store.fault !== null) throw new Error(store.fault)

const indexer = new ChainIndexer({ index: store.changes, clock: systemClock, log })
const changes = createIndexedChanges({
  index: store.changes,
  seal: createHistorySeal(() => ring),
  indexers: indexer,
})
const loop = monitorEventLoopDelay({ resolution: 1 })
loop.enable()
const startedAtMs = performance.now()
indexer.start(
  createFileRecords({
    path,
    ring: () => ring,
    end: () => journal.end(),
    createRest: () => createRest(systemClock, 0.25),
  }),
)
while (indexer.isBehind()) await new Promise(resolve => setTimeout(resolve, 50))
loop.disable()
const seconds = (performance.now() - startedAtMs) / 1_000
say(
  `${count} changes from the journal`,
  `${seconds.toFixed(1)} s, event loop blocked ${(loop.max / 1e6).toFixed(0)} ms`,
)

/** The middle and the slowest of many, in milliseconds. */
async function measure(name, work) {
  const times = []
  for (let n = 0; n < 500; n++) {
    const at = performance.now()
    await work(n)
    times.push(performance.now() - at)
  }
  times.sort((a, b) => a - b)
  say(name, `median ${times[250].toFixed(2)} ms, p99 ${times[495].toFixed(2)} ms`)
}
let sample = null
await measure('page of 20 changes of one user', async n => {
  const page = await changes.page(toUserId((n * 7) % Number(users)), 20, null)
  sample = page.changes.at(-1) ?? sample
  if (page.changes.length !== Math.min(20, Number(count) / Number(users)) || !page.isWhole)
    throw new Error('not whole')
})
await measure('the page behind it', () => changes.page(sample.userId, 20, sample))
await measure('one change by its ID', () => changes.find(sample.id))

// The same changes without and with the index.
for (const [name, listener] of [
  ['a change without the index', () => {}],
  [
    'a change with the index',
    ({ records, end }) => indexer.take({ toEntries: () => records.map(() => null).filter(Boolean), end }),
  ],
  ['a change without the index, again', () => {}],
]) {
  journal.onDurable(listener)
  const at = process.cpuUsage()
  for (let n = 0; n < 4_000; n += 100)
    await Promise.all(Array.from({ length: 100 }, (_, more) => set(n + more)))
  const { user, system } = process.cpuUsage(at)
  say(name, `${((user + system) / 4_000).toFixed(0)} µs of CPU time`)
}

await indexer.close()
await journal.close()
await store.close()
if (parsed.target.kind === 'file') {
  say('bytes of a change, with its indexes', (statSync(parsed.target.path).size / Number(count)).toFixed(0))
}
rmSync(folder, { recursive: true })
