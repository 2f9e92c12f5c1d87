// Measures the start by the size of the journal. It counts the seconds to the first response of /health, to
// the first 200 of /ready, and to the first write that is made. Each journal is started with twice, because
// the first start seals a file that is too large. Then reads are sent while the sealed segments are being
// verified.
//
//   npm run build && node bench/journal-start.mjs [--server dist/main.js] [empty
// file:SIZE
// segments:SIZE]...
//
// `file` is one file, as versions without segments have written it. `segments` are files of
// AUDIT_SEGMENT_BYTES. A size is a number with MB or GB. `--server` takes the build of another commit, which
// also writes the journal. JOURNAL_DIR=<folder on the disk to be measured> must have room for the largest.
// Everything is removed afterwards.
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startCountingGenAuth } from './support/counting-genauth.mjs'
import { sleep, startIssuer } from './support/layer.mjs'
import { makeJournal } from './support/make-journal.mjs'

const BUILT_SERVER = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const AUDIT_KEY = 'a-key-of-this-bench-and-of-nobody-else'
/** The default of AUDIT_SEGMENT_BYTES. */
const SEGMENT_BYTES = 16_777_216
const CASES = ['empty', 'file:100MB', 'file:1GB', 'segments:100MB', 'segments:1GB', 'segments:10GB']
const UNITS = { MB: 1e6, GB: 1e9 }
const STARTS = 2
const LOOK_EVERY_MS = 5
const MAX_WAIT_MS = 120_000
const READS = 500
const READ_EVERY_MS = 10
/** Ticks per second, the same wherever Linux runs today. */
const CLOCK_TICKS = 100
const SET = `mutation { setUserMfaStatus(input: { userId: "65b000000000000000000001", allowNoFactor: true,
  enable: [EMAIL] }) { __typename } }`
const READ = '{ userMfa(userId: "65b000000000000000000001") { __typename } }'

const { values: options, positionals } = parseArgs({
  options: { server: { type: 'string', default: BUILT_SERVER } },
  allowPositionals: true,
})
const server = resolve(options.server)
const cases = positionals.length > 0 ? positionals : CASES
const folder = mkdtempSync(join(process.env.JOURNAL_DIR ?? tmpdir(), 'journal-start-'))
/** Leftover files would fill a disk. */
let child = null
process.once('exit', () => {
  child?.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))
const genauth = await startCountingGenAuth({ latencyMs: 0 })
const issuer = await startIssuer()
const token = await issuer.token('bench')
print(
  'journal | files | MB | records | start | /health s | /ready s | first write s | processor s until ready | read p50 / p99 ms after it',
)
try {
  for (const [index, name] of cases.entries()) {
    const path = join(folder, `${index}`, 'audit.jsonl')
    mkdirSync(join(folder, `${index}`))
    const made = await make(name, path)
    for (let start = 1; start <= STARTS; start++) {
      const { healthMs, readyMs, writeMs, cpuS, reads } = await measureStart(path)
      const size = `${made.files} | ${Math.round(made.bytes / 1e6)} | ${made.records}`
      const times = [healthMs, readyMs, writeMs].map(toSeconds).join(' | ')
      print(`${name} | ${size} | ${start} | ${times} | ${cpuS} | ${reads}`)
    }
    rmSync(join(folder, `${index}`), { recursive: true })
  }
} finally {
  issuer.close()
  await genauth.close()
}

async function make(name, path) {
  const [, kind, digits, unit] = /^(empty|file|segments)(?::(\d+)(MB|GB))?$/.exec(name) ?? []
  if (kind === undefined || (kind === 'empty') !== (digits === undefined))
    throw new Error(`Not a case: ${name}`)
  if (kind === 'empty') return { files: 0, bytes: 0, records: 0 }
  const bytes = Number(digits) * UNITS[unit]
  const { bavail, bsize } = statfsSync(folder)
  if (bavail * bsize < 1.2 * bytes) throw new Error(`No room for ${name} in ${folder}`)
  const segmentBytes = kind === 'segments' ? SEGMENT_BYTES : null
  const made = await makeJournal(dirname(server), path, AUDIT_KEY, bytes, segmentBytes)
  // Data that still waits for the disk would slow the start.
  execFileSync('sync')
  return { ...made, bytes }
}

async function measureStart(path) {
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  const startedAtMs = performance.now()
  child = spawn(process.execPath, [server], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      PORT: `${port}`,
      LOG_LEVEL: 'error',
      SHUTDOWN_DELAY_MS: '0',
      RATE_LIMITS: 'off',
      ALLOW_SELF_WEAKENING: 'on',
      AUDIT_LOG: path,
      AUDIT_KEY,
      GENAUTH_URL: genauth.url,
      GENAUTH_ACCESS_KEY_ID: 'bench',
      GENAUTH_ACCESS_KEY_SECRET: 'bench-secret',
      ...issuer.env,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const started = child
  const ended = new Promise(resolve => started.once('close', resolve))
  try {
    const until = isReached => untilReached(started, startedAtMs, isReached)
    const healthMs = await until(async () => (await fetch(`${url}/health`)).ok)
    const readyMs = await until(async () => (await fetch(`${url}/ready`)).ok)
    const cpuS = readCpuS(started.pid)
    const writeMs = await until(async () => {
      const answer = await post(url, SET)
      return answer.includes('SetUserMfaStatusSuccess') || answer
    })
    return { healthMs, readyMs, writeMs, cpuS, reads: await measureReads(url) }
  } finally {
    started.kill('SIGTERM')
    await ended
  }
}

async function post(url, query) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  })
  return response.text()
}

/** Sends some reads a second, each when it is due. On a busy machine the server may refuse some. */
async function measureReads(url) {
  let refused = 0
  const beganAtMs = performance.now()
  const durations = await Promise.all(
    Array.from({ length: READS }, async (_, index) => {
      await sleep(beganAtMs + index * READ_EVERY_MS - performance.now())
      const sentAtMs = performance.now()
      const answer = await post(url, READ)
      if (answer.includes('"OVERLOADED"')) refused++
      else if (!answer.includes('"UserMfa"')) throw new Error(`A read failed: ${answer}`)
      return performance.now() - sentAtMs
    }),
  )
  durations.sort((a, b) => a - b)
  const at = share => durations[Math.floor(durations.length * share)].toFixed(1)
  return `${at(0.5)} / ${at(0.99)}${refused > 0 ? ` (${refused} of ${READS} refused)` : ''}`
}

/** Returns the processor time of all its threads, as Linux counts it. Other work on the machine does not change it. */
function readCpuS(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
  return ((Number(user) + Number(system)) / CLOCK_TICKS).toFixed(2)
}

/** @returns milliseconds after the start of the process */
async function untilReached(child, startedAtMs, isReached) {
  let last = null
  while (performance.now() - startedAtMs < MAX_WAIT_MS) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}`)
    last = await isReached().catch(error => error)
    if (last === true) return performance.now() - startedAtMs
    await sleep(LOOK_EVERY_MS)
  }
  throw new Error(`The start takes too long: ${last}`)
}

async function findFreePort() {
  const probe = createServer()
  await new Promise(resolve => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address()
  await new Promise(resolve => probe.close(resolve))
  return port
}

function toSeconds(ms) {
  return (ms / 1_000).toFixed(2)
}

function print(line) {
  process.stdout.write(`${line}\n`)
}
