// How long a start takes by the size of the journal: seconds from the start of the process to the first answer of
// /health, and to the first 200 of /ready. Each journal is started with twice, since the first start seals a file that
// is too large.
//
//   npm run build && node bench/journal-start.mjs [empty | file:SIZE | segments:SIZE]...
//
// `file` is one file, as versions without segments have written it; `segments` are files of AUDIT_SEGMENT_BYTES. A size
// is a number with MB or GB. JOURNAL_DIR=<folder on the disk to be measured>, which must have room for the largest.
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { VARIABLES } from '../dist/config-variables.js'
import { startCountingGenAuth } from './support/counting-genauth.mjs'
import { sleep, startIssuer } from './support/layer.mjs'
import { makeJournal } from './support/make-journal.mjs'

const SERVER = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const AUDIT_KEY = 'a-key-of-this-bench-and-of-nobody-else'
const SEGMENT_BYTES = Number(VARIABLES.AUDIT_SEGMENT_BYTES.default)
const CASES = ['empty', 'file:100MB', 'file:1GB', 'segments:1GB']
const UNITS = { MB: 1e6, GB: 1e9 }
const STARTS = 2
const LOOK_EVERY_MS = 5
const MAX_WAIT_MS = 300_000
/** In a second, wherever Linux runs today. */
const CLOCK_TICKS = 100

const cases = process.argv.length > 2 ? process.argv.slice(2) : CASES
const folder = mkdtempSync(join(process.env.JOURNAL_DIR ?? tmpdir(), 'journal-start-'))
const genauth = await startCountingGenAuth({ latencyMs: 0 })
const issuer = await startIssuer()
print('journal | files | MB | records | start | /health s | /ready s | processor s until ready')
try {
  for (const [index, name] of cases.entries()) {
    const path = join(folder, `${index}`, 'audit.jsonl')
    mkdirSync(join(folder, `${index}`))
    const made = make(name, path)
    for (let start = 1; start <= STARTS; start++) {
      const { healthMs, readyMs, cpuS } = await measureStart(path)
      const size = `${made.files} | ${Math.round(made.bytes / 1e6)} | ${made.records}`
      print(`${name} | ${size} | ${start} | ${toSeconds(healthMs)} | ${toSeconds(readyMs)} | ${cpuS}`)
    }
    rmSync(join(folder, `${index}`), { recursive: true })
  }
} finally {
  issuer.close()
  await genauth.close()
  rmSync(folder, { recursive: true })
}

function make(name, path) {
  const [, kind, digits, unit] = /^(empty|file|segments)(?::(\d+)(MB|GB))?$/.exec(name) ?? []
  if (kind === undefined || (kind === 'empty') !== (digits === undefined))
    throw new Error(`Not a case: ${name}`)
  if (kind === 'empty') return { files: 0, bytes: 0, records: 0 }
  const bytes = Number(digits) * UNITS[unit]
  const made = makeJournal(path, AUDIT_KEY, bytes, kind === 'segments' ? SEGMENT_BYTES : null)
  // What is still to be written to the disk would slow the start.
  execFileSync('sync')
  return { ...made, bytes }
}

async function measureStart(path) {
  const port = await findFreePort()
  const startedAtMs = performance.now()
  const child = spawn(process.execPath, [SERVER], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      PORT: `${port}`,
      LOG_LEVEL: 'error',
      SHUTDOWN_DELAY_MS: '0',
      AUDIT_LOG: path,
      AUDIT_KEY,
      GENAUTH_URL: genauth.url,
      GENAUTH_ACCESS_KEY_ID: 'bench',
      GENAUTH_ACCESS_KEY_SECRET: 'bench-secret',
      ...issuer.env,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = new Promise(resolve => child.once('close', resolve))
  try {
    const healthMs = await untilOk(child, `http://127.0.0.1:${port}/health`, startedAtMs)
    const readyMs = await untilOk(child, `http://127.0.0.1:${port}/ready`, startedAtMs)
    return { healthMs, readyMs, cpuS: readCpuS(child.pid) }
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

/** Of all its threads, as Linux counts it: what a machine with other work to do leaves as it is. */
function readCpuS(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
  return ((Number(user) + Number(system)) / CLOCK_TICKS).toFixed(2)
}

/** @returns milliseconds after the start of the process */
async function untilOk(child, url, startedAtMs) {
  while (performance.now() - startedAtMs < MAX_WAIT_MS) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}`)
    const answer = await fetch(url).catch(() => null)
    await answer?.text()
    if (answer?.status === 200) return performance.now() - startedAtMs
    await sleep(LOOK_EVERY_MS)
  }
  throw new Error(`No 200 of ${url}`)
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
