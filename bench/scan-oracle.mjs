// Checks whether scans say the truth about pools whose users come, go and change while they run.
//
//   npm run build && node bench/scan-oracle.mjs [--scans 300] [--users 300] [--seed NUMBER] [--only NUMBER]
//
// Three servers scan at the same time, each with a sandbox of its own in place of GenAuth. The sandbox of the
// second refuses the list of users beyond row 100 with 400, and that of the third with 500. Each scan is of
// another pool: the users, their state, the population and the depth are random. In two of three scans users
// are added, removed and changed at random requests. One of twenty is cancelled, and in one of twenty the
// server is killed with -9 and started again.
//
// Each row, each count and `isWhole` is compared with what was true in that sandbox. Pages of a random filter
// and order are compared with all rows. The same seed makes the same pools and moves, and `--only` runs one
// scan of a seed. Requests overtake each other, so a moment may differ by a few.
//
// It prints one summary as JSON. The exit code is 1 if one statement of a scan is false.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { startSandbox } from '../dist/sandbox/sandbox.js'
import { readOptions } from './stand.mjs'
import { judgePages } from './support/judge-pages.mjs'
import { judgeScan } from './support/judge-scan.mjs'
import { startLastingServer } from './support/lasting-server.mjs'
import { ACCESS_KEY, sleep, startLayer, toCounts } from './support/layer.mjs'
import { createMovingPool } from './support/moving-pool.mjs'
import { createRandom } from './support/random.mjs'
import { toRandomPopulation } from './support/random-population.mjs'
import { createScans } from './support/scans.mjs'
import { startTcpSwitch } from './support/tcp-switch.mjs'

const options = readOptions({ scans: 300, users: 300, seed: Date.now() % 1_000_000, only: 0 })
const WINDOWS = [null, { rows: 100, statusCode: 400 }, { rows: 100, statusCode: 500 }]
const DEPTHS = ['ACTIVITY', 'BINDINGS', 'BINDINGS', 'FULL']
/** Moves that let users come to a population or leave it are more frequent. */
const MOVES = [
  'add',
  'add',
  'remove',
  'remove',
  'setStatus',
  'setStatus',
  'setDepartments',
  'setLastLogin',
  'setMfa',
]
const READ = 'query ($userId: String!) { userMfa(userId: $userId) { __typename } }'

const judged = []
const numbers = Array.from({ length: options.scans }, (_, index) => index + 1)
await Promise.all(
  WINDOWS.map((window, index) =>
    runAll(
      window,
      numbers.filter(number => number % WINDOWS.length === index),
    ),
  ),
)
const lies = judged.flatMap(({ lies, ...scan }) => lies.map(lie => ({ ...lie, ...scan })))
for (const lie of lies.slice(0, 20)) process.stderr.write(`${JSON.stringify(lie)}\n`)
const count = isSo => judged.filter(isSo).length
const sum = toNumber => judged.reduce((total, one) => total + toNumber(one), 0)
const summary = {
  seed: options.seed,
  scans: toCounts(
    judged.map(({ scan }) => `${scan.status}${scan.failure === null ? '' : ` ${scan.failure}`}`),
  ),
  rows: sum(({ scan }) => scan.seen),
  kills: count(({ wasKilled }) => wasKilled),
  moves: sum(({ moves }) => moves.length),
  'scans while users came or went': count(({ moved }) => moved > 0),
  whole: count(({ scan }) => scan.isWhole),
  'whole, and all who moved did so before their page was read': sum(({ notes }) => notes.wholeAfterMoves),
  'members without a row, in scans that are not whole': sum(({ notes }) => notes.missed),
  'not whole, although only others than its members moved': sum(({ notes }) => notes.cautious),
  'rows with a fact of the list that had changed by readAt': sum(({ notes }) => notes.changedByReadAt),
  'false statements': toCounts(lies.map(({ lie }) => lie)),
}
process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`)
process.exitCode = lies.length === 0 ? 0 : 1

/** Runs scans one after the other in one server, which starts again if it was killed. */
async function runAll(listWindow, ownNumbers) {
  const wanted = ownNumbers.filter(number => options.only === 0 || number === options.only)
  if (wanted.length === 0) return
  const folder = mkdtempSync(join(tmpdir(), 'scan-oracle-'))
  const address = await startTcpSwitch(0)
  const server = await startLastingServer(() =>
    startLayer(`http://127.0.0.1:${address.port}`, {
      STORE_URL: `file:${join(folder, 'store.db')}`,
      GENAUTH_MAX_RPS: '100000',
    }),
  )
  for (const number of wanted) {
    judged.push({ number, ...(await runOne({ listWindow, number, address, server })) })
    if (process.stderr.isTTY) process.stderr.write(`\r${judged.length} of ${options.scans} scans `)
  }
  await server.close()
  address.close()
  rmSync(folder, { recursive: true })
}

async function runOne({ listWindow, number, address, server }) {
  const random = createRandom(options.seed * 100_003 + number)
  const calls = []
  let onCall = () => {}
  const sandbox = await startSandbox({
    ...ACCESS_KEY,
    port: 0,
    userCount: options.users,
    listWindow,
    maxRequestsPerSecond: 1_000_000,
    onRequest(request) {
      calls.push({ ...request, atMs: Date.now() })
      onCall()
    },
  })
  address.leadTo(Number(new URL(sandbox.url).port))
  const pool = createMovingPool(sandbox.pool, options.users)
  for (const name of Array.from({ length: random.between(0, options.users) }, () =>
    random.pick(pool.names),
  )) {
    pool.move(name, random)
  }
  pool.forget()
  await untilReached(server.post, pool.present()[0])

  const population = toRandomPopulation(random, pool.present())
  const depth = random.pick(DEPTHS)
  const plan = toPlan({ random, depth, count: pool.count(population) })
  const scans = createScans(server.post)
  const moves = []
  let id = null
  const { length: before } = calls
  onCall = () => {
    const call = calls.length - before
    for (const { name } of plan.moves.filter(({ at }) => at === call)) {
      moves.push(`${call}: ${pool.move(name, random)}`)
    }
    if (plan.cancelAt === call && id !== null) void scans.cancel(id)
    if (plan.killAt === call) {
      moves.push(`${call}: kill`)
      void server.kill()
    }
  }
  const started = await scans.start({ population, depth, budgetShare: 1 })
  id = started.id
  const scan = await scans.untilEnded(id)
  onCall = () => {}
  const read = await scans.read(id)
  const ofPages = await judgePages({ scans, scan, rows: read.rows, random })
  const createdAtMs = Date.parse(scan.createdAt)
  const ownCalls = calls.slice(before).filter(({ atMs }) => atMs >= createdAtMs)
  await sandbox.close()
  const wasKilled = moves.some(move => move.endsWith('kill'))
  const judgement = judgeScan({ scan, read, population, pool, calls: ownCalls, wasKilled })
  const lies = [...judgement.lies, ...ofPages]
  return { scan, population, moves, wasKilled, listWindow, ...judgement, lies }
}

/**
 * Returns at which requests what happens. A third of the scans are left alone. Half of the moves come at any request, and
 * half among the first or the last, where lists are read.
 */
function toPlan({ random, depth, count }) {
  const lists = Math.ceil(count / 50)
  const reads = { ACTIVITY: 0, BINDINGS: count, FULL: 2 * count }[depth]
  const last = 2 * lists + reads + 2
  const toMoment = () => {
    if (random.chance(0.5)) return random.between(1, last)
    return random.chance(0.4) ? random.between(1, 10) : random.between(Math.max(1, last - lists - 4), last)
  }
  const moveCount = random.chance(1 / 3) ? 0 : random.pick([1, 1, 1, 2, 2, 3, 6, 12])
  return {
    moves: Array.from({ length: moveCount }, () => ({ at: toMoment(), name: random.pick(MOVES) })),
    cancelAt: random.chance(0.05) ? random.between(1, last) : null,
    killAt: random.chance(0.05) ? random.between(1, last) : null,
  }
}

/** Waits until the server has a token and connections of the new sandbox. */
async function untilReached(post, userId) {
  for (let attempt = 0; attempt < 50; attempt++) {
    const { data } = await post(READ, { userId })
    if (data?.userMfa?.__typename === 'UserMfa') return
    await sleep(100)
  }
  throw new Error('The server does not reach the new sandbox')
}
