/**
 * Measures what a scan of many users costs in a store.
 *
 *     node bench/store.mjs [file:/path/store.db | postgres://…] [users] [rows a page]
 *
 * Without a URL it uses a file of a temporary folder, and removes it. A database must be empty. It prints:
 *
 * - the time to store the pages, and the longest time for which one of them blocked the event loop,
 * - the size and the resident memory,
 * - the time of filtered pages of 50 rows in each order, from the beginning and from the middle.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { systemClock } from '../dist/base/clock.js'
import { EVERY_ROW } from '../dist/coverage/coverage-filter.js'
import { parseStoreUrl } from '../dist/store/store-target.js'

const folder = mkdtempSync(join(tmpdir(), 'store-bench-'))
const [url = `file:${folder}/store.db`, users = '100000', perPage = '50'] = process.argv.slice(2)
const parsed = parseStoreUrl(url)
if (!parsed.ok) throw new Error(parsed.rule)
const rssMb = () => process.memoryUsage.rss() / 2 ** 20
const ms = value => `${value.toFixed(1)} ms`
const say = (name, value) => console.log(`${name.padEnd(44)} ${value}`)

const before = rssMb()
const log = { info() {}, warn() {}, error: (...what) => console.error(...what) }
const { createStore } = await import('../dist/store/create-store.js')
const store = await createStore({
  target: parsed.target,
  isAlone: true,
  userPoolId: () => null,
  clock: systemClock,
  log,
})
if (store.fault !== null) throw new Error(store.fault)
say('resident memory for the open store', `${(rssMb() - before).toFixed(1)} MB`)

const none = {
  departments: [],
  groups: [],
  statuses: [],
  signedInTo: [],
  exceptUserIds: [],
  exceptGroups: [],
}
const population = { ...none, lastSignInAfterMs: null, lastSignInBeforeMs: null }
const id = `bench-${process.pid}`
await store.scans.create({ id, depth: 'BINDINGS', population, budgetShare: 0.5, createdAtMs: Date.now() })
const { claim } = await store.scans.claim(id, Date.now())

/** The same numbers in each run, spread over 0 to 1. */
let seed = 1
const random = () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
  return seed / 2 ** 31
}
/** As GenAuth's ids: 24 hexadecimal digits that begin with a time. */
const toId = n =>
  (0x60_00_00_00 + n * 7).toString(16) + ((n * 2_654_435_761) % 2 ** 32).toString(16).padStart(16, '0')
/** A tenth of all users are of it. */
const LARGE_DEPARTMENT = toId(980_000)
const toRow = n => ({
  userId: toId(n),
  status: n % 50 === 0 ? 'SUSPENDED' : 'ACTIVATED',
  departmentIds: [
    n % 10 === 0 ? LARGE_DEPARTMENT : toId(900_000 + (n % 200)),
    ...(n % 20 === 0 ? [toId(990_000 + (n % 7))] : []),
  ],
  bindings: { SMS: n % 2 === 0, EMAIL: n % 5 === 0, OTP: n % 3 === 0, FACE: n > users - 4 },
  enabledFactors: null,
  posture: null,
  lastMfaAtMs: n % 4 === 0 ? null : 1_900_000_000_000 - Math.floor(random() * 3e10),
  lastSignInAtMs: 1_900_000_000_000 - Math.floor(random() * 3e10),
  readAtMs: 1_900_000_100_000 + n * 7,
})

const lag = monitorEventLoopDelay({ resolution: 1 })
lag.enable()
const cpu = process.cpuUsage()
const startedAt = performance.now()
let peak = 0
for (let at = 0; at < Number(users); at += Number(perPage)) {
  const rows = Array.from({ length: Math.min(perPage, users - at) }, (_, n) => toRow(at + n))
  const page = {
    rows,
    expected: Number(users),
    unreadable: 0,
    upstreamCalls: rows.length + 1,
    position: `${at}`,
  }
  const stored = await store.scans.storePage(claim, page)
  if (stored.inserted !== rows.length) throw new Error(`${stored.kind} ${stored.inserted}`)
  if (at % 5_000 === 0) peak = Math.max(peak, rssMb())
  // The event loop of a server turns between two pages.
  await new Promise(resolve => setImmediate(resolve))
}
const { user, system } = process.cpuUsage(cpu)
lag.disable()
say(
  `${users} rows in pages of ${perPage}`,
  `${((performance.now() - startedAt) / 1e3).toFixed(1)} s, CPU ${((user + system) / 1e6).toFixed(1)} s`,
)
say('event loop: p99, longest', `${ms(lag.percentile(99) / 1e6)}, ${ms(lag.max / 1e6)}`)
say('resident memory, at most more', `${(peak - before).toFixed(1)} MB`)
const endingFrom = performance.now()
await store.scans.end(claim, { status: 'SUCCEEDED', isWhole: true, poolFactors: [], atMs: Date.now() })
say('end', ms(performance.now() - endingFrom))

const withoutActive = { withoutBoundFactor: true, statuses: ['ACTIVATED'] }
const filters = {
  'every row': {},
  'without a bound factor': { withoutBoundFactor: true },
  'of a department, without, active': { departmentIds: [toId(900_001)], ...withoutActive },
  'of a large department, without, active': { departmentIds: [LARGE_DEPARTMENT], ...withoutActive },
  'bound FACE (3 at the end)': { boundFactor: 'FACE' },
  'posture (none)': { postures: ['PENDING'] },
  'suspended, never verified': { statuses: ['SUSPENDED'], neverVerified: true },
  'last MFA before (few)': { lastMfaBeforeMs: 1_900_000_000_000 - 2.999e10 },
  'last MFA before (none)': { lastMfaBeforeMs: 1_000 },
  'signed in this quarter, without, active': {
    lastSignInAfterMs: 1_900_000_000_000 - 7.8e9,
    ...withoutActive,
  },
  'last MFA before, without, active': {
    lastMfaBeforeMs: 1_900_000_000_000 - 1e10,
    ...withoutActive,
  },
}
const middle = await store.scans.rows(id, {
  filter: EVERY_ROW,
  order: 'SCANNED',
  after: Number(users) / 2,
  first: 1,
})
const places = [0, middle.rows[0].place]
for (const [name, wish] of Object.entries(filters)) {
  const filter = { ...EVERY_ROW, ...wish }
  const from = performance.now()
  const count = await store.scans.count(id, filter)
  say(name, `${count} in ${ms(performance.now() - from)}`)
  for (const order of ['SCANNED', 'LAST_SIGN_IN_DESC', 'LAST_MFA_ASC']) {
    const times = []
    const cpuFrom = process.cpuUsage()
    for (const after of [...places, ...places, ...places]) {
      const pageFrom = performance.now()
      await store.scans.rows(id, { filter, order, after, first: 50 })
      times.push(performance.now() - pageFrom)
    }
    const cpu = process.cpuUsage(cpuFrom)
    const sorted = times.toSorted((a, b) => a - b)
    const cpuMs = (cpu.user + cpu.system) / 1e3 / times.length
    say(`  ${order}`, `${ms(sorted[2])}, longest ${ms(sorted[5])}, CPU ${ms(cpuMs)}`)
  }
}
const summingFrom = performance.now()
await store.scans.summary(id)
say('summary', ms(performance.now() - summingFrom))
const closingFrom = performance.now()
await store.close()
say('close', ms(performance.now() - closingFrom))
if (parsed.target.kind === 'file')
  say('size of the file', `${(statSync(parsed.target.path).size / 1e6).toFixed(1)} MB`)
rmSync(folder, { recursive: true })
