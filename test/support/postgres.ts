import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, readdirSync } from 'node:fs'
import { chmod, copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { endWithParent } from './end-with-parent.ts'
import { findFreePort } from './free-port.ts'

/** A PostgreSQL on a port of its own, that a test can take away. */
export interface TestPostgres extends AsyncDisposable {
  /** Makes an empty database and returns its `STORE_URL`. */
  createDatabase(encoding?: 'LATIN1'): Promise<string>
  start(): Promise<void>
  /** Ends it as a loss of power would. */
  kill(): Promise<void>
  /** Keeps its connections and stays silent until `resume`. */
  pause(): void
  resume(): void
}

const BIN = findBin()

/** Without PostgreSQL the stories that need one are skipped, and each file says so once. */
export const HAS_POSTGRES = BIN !== null
if (!HAS_POSTGRES) console.log('PostgreSQL is not installed: the stories of a store in it are skipped.')

const STARTS_WITHIN_MS = 20_000
/** It loses nothing that a test looks for: what is not synced outlives the process. */
const QUICK = ['-c', 'fsync=off', '-c', 'full_page_writes=off', '-c', 'max_connections=30']

/** PostgreSQL refuses to run as root. */
const AS = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {}

/** @param certificate the file of the certificate that it shows. With `null` it encrypts nothing */
export async function startPostgres(certificate: string | null = null): Promise<TestPostgres> {
  const port = await findFreePort()
  const folder = await mkdtemp(join(tmpdir(), 'postgres-'))
  if (AS.uid !== undefined) chownSync(folder, AS.uid, AS.gid)
  const data = join(folder, 'data')
  const options = { ...AS, cwd: folder, stdio: 'ignore' } as const
  execFileSync(
    join(BIN ?? '', 'initdb'),
    ['-D', data, '-U', 'test', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    options,
  )
  const tls = certificate === null ? [] : await toTlsSettings(folder, certificate)
  let child: ChildProcess | null = null
  let databases = 0
  const postgres: TestPostgres = {
    async createDatabase(encoding) {
      const name = `d${++databases}`
      const options = encoding && ` encoding '${encoding}' locale 'C' template template0`
      await run(port, `create database ${name}${options ?? ''}`)
      return `postgres://test@127.0.0.1:${port}/${name}`
    },
    async start() {
      const where = ['-D', data, '-p', `${port}`, '-h', '127.0.0.1', '-k', '']
      child = endWithParent(spawn(join(BIN ?? '', 'postgres'), [...where, ...QUICK, ...tls], options))
      const endsAt = Date.now() + STARTS_WITHIN_MS
      while (!(await answers(port))) {
        if (child.exitCode !== null || Date.now() > endsAt) throw new Error('PostgreSQL does not start')
        await sleep(20)
      }
    },
    async kill() {
      if (child === null) return
      const closed = once(child, 'close')
      child.kill('SIGQUIT')
      child = null
      await closed
    },
    // Each connection has a process of its own.
    pause: () => signalAll(child, 'SIGSTOP'),
    resume: () => signalAll(child, 'SIGCONT'),
    async [Symbol.asyncDispose]() {
      postgres.resume()
      await postgres.kill()
      await rm(folder, { recursive: true })
    },
  }
  await postgres.start()
  return postgres
}

/** PostgreSQL refuses a key that others than its user may read. */
async function toTlsSettings(folder: string, certificate: string): Promise<string[]> {
  const settings = ['-c', 'ssl=on']
  for (const [name, from] of [
    ['ssl_cert_file', certificate],
    ['ssl_key_file', join(dirname(certificate), 'server-key.pem')],
  ] as const) {
    const path = join(folder, name)
    await copyFile(from, path)
    await chmod(path, 0o600)
    if (AS.uid !== undefined) chownSync(path, AS.uid, AS.gid)
    settings.push('-c', `${name}=${path}`)
  }
  return settings
}

function signalAll(server: ChildProcess | null, signal: 'SIGSTOP' | 'SIGCONT'): void {
  if (server?.pid === undefined) return
  const found = spawnSync('ps', ['-o', 'pid=', '--ppid', `${server.pid}`], { encoding: 'utf8' })
  const children = found.stdout.split('\n').filter(line => line.trim() !== '')
  for (const pid of [server.pid, ...children.map(Number)]) {
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended since.
    }
  }
}

function findBin(): string | null {
  const debian = '/usr/lib/postgresql'
  try {
    const newest = readdirSync(debian).toSorted((a, b) => Number(b) - Number(a))[0]
    return newest === undefined ? null : join(debian, newest, 'bin')
  } catch {
    const found = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' })
    return found.status === 0 ? found.stdout.trim() : null
  }
}

function idOf(flag: '-u' | '-g'): number {
  return BIN === null ? 0 : Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
}

async function run(port: number, text: string): Promise<void> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'test', database: 'postgres' })
  client.on('error', () => {})
  await client.connect()
  await client.query(text)
  await client.end()
}

async function answers(port: number): Promise<boolean> {
  return run(port, 'select 1').then(
    () => true,
    () => false,
  )
}
