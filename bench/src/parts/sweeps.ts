import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench } from '../bench.ts'
import { toGraphqlRequest } from '../dialects/layer.ts'
import { connect, type HttpRequest, toRequestBytes } from '../harness/http-connection.ts'
import type { Script } from '../harness/load.ts'
import type { RunningSubject } from '../harness/running-subject.ts'
import type { RunningProcess } from '../harness/start-process.ts'
import { startServer } from '../harness/start-server.ts'
import { toUserId } from '../harness/users.ts'
import { type Spread, toSpread } from '../statistics.ts'
import { SUBJECTS } from '../subjects.ts'
import { measureRound } from './measure-round.ts'

/** The growth of a cost of this server with some size. */
export interface Sweep {
  readonly title: string
  readonly x: string
  readonly y: string
  readonly points: readonly SweepPoint[]
}

interface SweepPoint {
  readonly x: number
  readonly y: Spread
}

const CONNECTIONS = 16
/** Together they read as many users at the same time as this server does at most. */
const LIST_CONNECTIONS = 4
const ROUNDS = 3
/** More documents than any cache of them holds. */
const NEW_DOCUMENTS_PER_CONNECTION = 64
/** Up to the limit. */
const TOKENS = [290, 470, 640, 820, 990]
/** Up to the limit. The sizes double, so that a growth worse than linear shows. */
const REPEATS = [3, 6, 12, 25, 50]
const LIST_LENGTHS = [1, 2, 5, 10, 20, 30, 40, 50]
const FACTOR_COUNTS = [0, 1, 2, 4, 8, 16, 32, 64, 128, 255]
const JOURNAL_RECORDS = [0, 12_500, 25_000, 50_000, 100_000]
const QUICK_JOURNAL_RECORDS = [0, 2_500, 5_000]
const CPU = 'CPU µs per operation'

/** Its documents are refused as soon as they have been checked, which counts against the caller. */
const ANY_REFUSALS = { REFUSED_REQUESTS_PER_MINUTE: 'off' }

/** @throws if a response differs from the one before */
export async function measureSweeps(bench: Bench): Promise<Sweep[]> {
  const { tokens } = bench
  const toRequest = (index: number, query: string, variables: object) =>
    toGraphqlRequest(tokens[index % tokens.length] ?? '', query, variables)
  await using running = await SUBJECTS.server.start(bench.surroundings, { env: ANY_REFUSALS })
  const usual = await bench.prepare('server', 'user-mfa', running)
  if (usual === null) throw new Error('The server answers userMfa')
  await measureRound({ pid: running.pid, url: running.url, ...usual, extent: bench.options.warmUp })

  const known = (size: number) => toScripts(1, index => toRequest(index, toDocument(size, 'Known'), {}))
  const fresh = (size: number) =>
    toScripts(NEW_DOCUMENTS_PER_CONNECTION, (index, turn) =>
      toRequest(index, toDocument(size, `New_${index}_${turn}`), {}),
    )
  const repeats = (count: number) =>
    toScripts(NEW_DOCUMENTS_PER_CONNECTION, (index, turn) =>
      toRequest(index, toRepeats(count, `New_${index}_${turn}`), { userId: toUserId(index) }),
    )
  const list = (length: number) =>
    toScripts(1, index => {
      const users = Array.from({ length }, (_, place) => ({ userId: toUserId(index * length + place) }))
      return toRequest(index, LIST, { users })
    }).slice(0, LIST_CONNECTIONS)
  const factors = (count: number) =>
    toScripts(1, index => toRequest(index, FACTORS, { userId: toUserId(index, count) }))

  return [
    await sweep('Size of a known document', 'tokens', TOKENS, known),
    await sweep('Size of a new document', 'tokens', TOKENS, fresh),
    await sweep('Repeats of one field in a new document', 'times', REPEATS, repeats),
    await sweep('Length of a list', 'users of usersMfa', LIST_LENGTHS, list),
    await sweep('Number of factors', 'factors of a user', FACTOR_COUNTS, factors),
    ...(await sweepJournalAge(bench)),
  ]

  async function sweep(
    title: string,
    x: string,
    values: readonly number[],
    toRequests: (value: number) => readonly (readonly HttpRequest[])[],
  ): Promise<Sweep> {
    const contenders: { value: number; scripts: Script[]; cpuUs: number[] }[] = []
    for (const value of values) {
      const scripts = await learn(running.url, toRequests(value))
      await measure(bench, running, scripts)
      contenders.push({ value, scripts, cpuUs: [] })
    }
    for (let turn = 0; turn < ROUNDS; turn++) {
      for (const { scripts, cpuUs } of contenders) cpuUs.push(await measure(bench, running, scripts))
    }
    return {
      title,
      x,
      y: CPU,
      points: contenders.map(({ value, cpuUs }) => ({ x: value, y: toSpread(cpuUs) })),
    }
  }
}

/** Measures the cost of an existing journal for each write, and for the next start. */
async function sweepJournalAge(bench: Bench): Promise<Sweep[]> {
  const { surroundings, options } = bench
  const { memoryFolder } = surroundings
  const journalFolder = await mkdtemp(join(memoryFolder, 'journal-'))
  const costs: SweepPoint[] = []
  const starts: SweepPoint[] = []
  let records = 0
  for (const wanted of options.isQuick ? QUICK_JOURNAL_RECORDS : JOURNAL_RECORDS) {
    const fill = await begin()
    // A write has two records.
    await load(fill.running, { durationMs: 0, answers: Math.max(1, (wanted - records) / 2) })
    await fill.running.stop()

    const { running, startMs } = await begin()
    starts.push({ x: records, y: toSpread([startMs]) })
    await load(running, options.warmUp)
    const x = records
    const cpuUs = []
    for (let turn = 0; turn < ROUNDS; turn++) cpuUs.push(await load(running, options.round))
    costs.push({ x, y: toSpread(cpuUs) })
    await running.stop()
  }
  const x = 'records in the journal'
  return [
    { title: 'Age of the journal: a set', x, y: CPU, points: costs },
    { title: 'Age of the journal: a start', x, y: 'ms until ready', points: starts },
  ]

  async function begin() {
    const startedAtMs = performance.now()
    const logFile = join(memoryFolder, 'journal-age.log')
    const running = await startServer({ ...surroundings, name: 'server', journalFolder, logFile })
    return { running, startMs: performance.now() - startedAtMs }
  }

  async function load(running: RunningSubject, extent: { durationMs: number; answers: number }) {
    const prepared = await bench.prepare('server', 'set-with-token', running)
    if (prepared === null) throw new Error('The server answers sets')
    const { pid, url } = running
    const { cpuUs, operations } = await measureRound({ pid, url, ...prepared, extent })
    const learned = prepared.scripts.reduce((sum, script) => sum + script.length, 0)
    // Each connection sent one ahead unmeasured.
    records += 2 * (operations + learned + prepared.scripts.length)
    return cpuUs
  }
}

const LIST = `query Several($users: [UserRefInput!]!) {
  usersMfa(users: $users) { ... on UsersMfaSuccess { results { payload { ... on UserMfa { factors { code enabled } } } } } }
}`
const FACTORS = `query Factors($userId: String!) {
  userMfa(userId: $userId) { ... on UserMfa { factors { code type enabled sort } } }
}`

/** Names more users than are allowed, so that GenAuth is not called and only the cost of the document remains. */
function toDocument(tokens: number, name: string): string {
  const users = '{userId:"x"}'.repeat(Math.floor((tokens - 25) / 5))
  return `query ${name} { usersMfa(users: [${users}]) { __typename } }`
}

function toRepeats(count: number, name: string): string {
  const fields = 'code '.repeat(count)
  return `query ${name}($userId: String!) { userMfa(userId: $userId) { ... on UserMfa { factors { ${fields}} } } }`
}

function toScripts(
  length: number,
  toRequest: (connection: number, turn: number) => HttpRequest,
): readonly (readonly HttpRequest[])[] {
  return Array.from({ length: CONNECTIONS }, (_, connection) =>
    Array.from({ length }, (_, turn) => toRequest(connection, turn)),
  )
}

/** Sends each request once. Every later response must be the same. */
async function learn(url: string, requests: readonly (readonly HttpRequest[])[]): Promise<Script[]> {
  const connection = await connect(url)
  const scripts: Script[] = []
  for (const own of requests) {
    const script = []
    for (const request of own) {
      const bytes = toRequestBytes(request)
      const { status, body } = await connection.send(bytes)
      const text = body.toString()
      if (status !== 200 || text.includes('"errors"')) throw new Error(`A sweep met an error: ${text}`)
      script.push({ request: bytes, expected: Buffer.from(body) })
    }
    scripts.push(script)
  }
  connection.close()
  return scripts
}

async function measure(
  bench: Bench,
  { pid, url }: RunningProcess,
  scripts: readonly Script[],
): Promise<number> {
  const extent = { durationMs: bench.options.round.durationMs, answers: CONNECTIONS }
  return (await measureRound({ pid, url, scripts, requestsPerOperation: 1, extent })).cpuUs
}
