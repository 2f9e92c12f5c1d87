// A PostgreSQL of the script's own on a free port.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import pg from 'pg'
import { endWithParent } from './end-with-parent.mjs'
import { freePort } from './free-port.mjs'
import { sleep } from './layer.mjs'

const DEBIAN = '/usr/lib/postgresql'
const STARTS_WITHIN_MS = 20_000
const QUICK = ['-c', 'fsync=off', '-c', 'full_page_writes=off']

/** Without `syncs` it is quick, and loses its data with the machine. */
export async function startPostgres({ syncs = false } = {}) {
  const bin = findBin()
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'))
  const data = join(folder, 'data')
  // It refuses to run as root.
  const as = process.getuid() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {}
  if (as.uid !== undefined) chownSync(folder, as.uid, as.gid)
  const options = { ...as, cwd: folder, stdio: 'ignore' }
  const init = ['-D', data, '-U', 'bench', '-A', 'trust', '-E', 'UTF8', '--no-sync']
  execFileSync(join(bin, 'initdb'), init, options)
  const args = ['-D', data, '-p', `${port}`, '-h', '127.0.0.1', '-k', '', ...(syncs ? [] : QUICK)]
  const child = endWithParent(spawn(join(bin, 'postgres'), args, options))
  const endsAtMs = Date.now() + STARTS_WITHIN_MS
  while (!(await query(port, 'select 1'))) {
    if (Date.now() > endsAtMs) throw new Error('PostgreSQL does not start')
    await sleep(50)
  }
  return {
    /** Makes an empty database, and returns its URL. */
    async createDatabase(name) {
      if (!(await query(port, `create database ${name}`))) throw new Error('no database')
      return `postgres://bench@127.0.0.1:${port}/${name}`
    },
    async close() {
      const exited = once(child, 'close')
      child.kill('SIGQUIT')
      await exited
      rmSync(folder, { recursive: true })
    },
  }
}

async function query(port, text) {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'bench', database: 'postgres' })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(text)
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

function findBin() {
  try {
    const [newest] = readdirSync(DEBIAN).toSorted((a, b) => Number(b) - Number(a))
    return join(DEBIAN, newest, 'bin')
  } catch {
    return spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' }).stdout.trim()
  }
}

function idOf(flag) {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
}
