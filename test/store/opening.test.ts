import { copyFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import Database from 'libsql'
import { describe, expect, it } from 'vitest'
import { migrate } from '../../src/store/migrate.ts'
import { MIGRATIONS } from '../../src/store/migrations/migrations.ts'
import { openDatabase } from '../../src/store/open-database.ts'
import { toStoreFault } from '../../src/store/store-fault.ts'
import type { StoreTarget } from '../../src/store/store-target.ts'
import type { StoreTables } from '../../src/store/tables.ts'
import { HAS_POSTGRES, startPostgres } from '../support/postgres.ts'
import { begin, newScan, toPage, toRow } from '../support/scans.ts'
import { ENGINES, type OpenedStore, openStore, toTarget, useStores } from '../support/stores.ts'

const { folder, newPath, newTarget, newUrl } = await useStores()

/** Lets a store open again until it has. */
async function opensAgain({ store, lapse }: OpenedStore): Promise<void> {
  const opened = () => {
    lapse()
    return store.fault
  }
  await expect.poll(opened).toBeNull()
}

/** Does something to a database as another program would. */
async function alter(target: StoreTarget, text: string): Promise<void> {
  const database = await openDatabase(target, false)
  await sql.raw(text).execute(database.tables)
  await database.close()
}

describe.each(ENGINES)('a store in %s', engine => {
  it('is made, and opened again with what it holds', async () => {
    const target = await newTarget(engine)
    for (let n = 0; n < 2; n++) {
      await using opened = await openStore(target, { userPoolId: () => 'pool-1' })
      expect(opened.store.fault).toBeNull()
      expect(opened.faults).toEqual([])
    }
  })

  it('of another user pool is left as it is', async () => {
    const target = await newTarget(engine)
    await (await openStore(target, { userPoolId: () => 'pool-1' })).store.close()
    await using other = await openStore(target, { userPoolId: () => 'pool-2' })
    expect(other.store.fault).toBe('OTHER_POOL')
    expect(other.faults).toEqual(['OTHER_POOL'])
    await other.store.close()
    await using own = await openStore(target, { userPoolId: () => 'pool-1' })
    expect(own.store.fault).toBeNull()
    await own.store.close()
    await using unknown = await openStore(target)
    expect(unknown.store.fault).toBeNull()
  })

  it('is compared with the pool as soon as that is known, and again when it is another', async () => {
    const target = await newTarget(engine)
    await (await openStore(target, { userPoolId: () => 'pool-1' })).store.close()
    let pool: string | null = null
    await using opened = await openStore(target, { userPoolId: () => pool })
    const { store, faults } = opened
    expect(await store.scans.newest(1)).toEqual([])
    pool = 'pool-1'
    expect(await store.scans.newest(1)).toEqual([])
    pool = 'pool-2'
    await expect(store.scans.newest(1)).rejects.toMatchObject({ fault: 'OTHER_POOL' })
    await expect(store.scans.create(newScan())).rejects.toMatchObject({ fault: 'OTHER_POOL' })
    pool = 'pool-1'
    await opensAgain(opened)
    expect(faults).toEqual(['OTHER_POOL', 'USABLE'])
    expect(await store.scans.newest(1)).toEqual([])
  })

  it('of a newer version is left as it is, until the operator has gone back', async () => {
    const target = await newTarget(engine)
    await (await openStore(target)).store.close()
    await alter(target, "insert into mfa_store_migrations values ('999-newer', '2030-01-01')")
    await using old = await openStore(target)
    expect(old.store.fault).toBe('NEWER')
    await alter(target, "delete from mfa_store_migrations where name = '999-newer'")
    old.lapse()
    await expect.poll(() => old.store.fault).toBeNull()
    expect(old.faults).toEqual(['NEWER', 'USABLE'])
  })

  it('has all steps of a migration or none', async () => {
    const database = await openDatabase(await newTarget(engine), false)
    const fails = { '999-fails': (db: StoreTables) => sql`select nonsense`.execute(db).then(() => {}) }
    await expect(migrate(database.tables, database.dialect, { ...MIGRATIONS, ...fails })).rejects.toThrow(
      'nonsense',
    )
    const tables = await database.tables.introspection.getTables()
    expect(tables.filter(({ name }) => name === 'mfa_store')).toEqual([])
    await migrate(database.tables, database.dialect, MIGRATIONS)
    await database.close()
  })
})

describe('a file of a store', () => {
  it('is for its owner alone, as are those that SQLite makes beside it', async () => {
    const target = { kind: 'file', path: newPath() } as const
    await writeFile(target.path, '', { mode: 0o666 })
    await using _opened = await openStore(target)
    for (const path of [target.path, `${target.path}-wal`])
      expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it('loses nothing that was said to be kept', async () => {
    const database = await openDatabase({ kind: 'file', path: newPath() }, true)
    const ask = async (name: string) => {
      const { rows } = await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(database.tables)
      return Object.values(rows[0] ?? {})[0]
    }
    expect(await ask('journal_mode')).toBe('wal')
    expect(await ask('synchronous'), 'full').toBe(2)
    expect(await ask('foreign_keys')).toBe(1)
    await database.close()
  })

  it('belongs to one process, and to the next when that has ended', async () => {
    const target = { kind: 'file', path: newPath() } as const
    const first = await openStore(target)
    await using second = await openStore(target)
    expect(second.store.fault).toBe('LOCKED')
    second.lapse()
    await first.store.close()
    second.lapse()
    await expect.poll(() => second.store.fault).toBeNull()
    expect(second.faults).toEqual(['LOCKED', 'USABLE'])
  })

  it.each([
    ['was removed', (path: string) => rm(path)],
    ['was replaced', (path: string) => copyFile(path, `${path}-2`).then(() => rename(`${path}-2`, path))],
  ])('that %s while it was open is noticed before anything else is stored', async (_what, remove) => {
    const target = { kind: 'file', path: newPath() } as const
    await using opened = await openStore(target)
    const { store, faults } = opened
    const claim = await begin(store.scans)
    await remove(target.path)
    const storing = store.scans.storePage(claim, toPage([toRow('u1')]))
    await expect(storing).rejects.toMatchObject({ fault: 'REMOVED' })
    await opensAgain(opened)
    expect(faults).toEqual(['REMOVED', 'USABLE'])
    expect(await store.scans.storePage(claim, toPage([toRow('u1')]))).toEqual({ kind: 'FENCED' })
    await begin(store.scans)
    await store.close()
    expect((await stat(target.path)).size).toBeGreaterThan(0)
  })

  it('that another program wrote keeps each byte', async () => {
    const [text, foreign, inUse] = [newPath(), newPath(), newPath()]
    await writeFile(text, 'x'.repeat(10_000))
    const database = new Database(foreign)
    database.exec('create table theirs (a text)')
    database.close()
    const theirs = new Database(inUse)
    theirs.exec('pragma journal_mode = wal; create table theirs (a text)')
    for (const path of [text, foreign, inUse]) {
      const before = await readFile(path)
      await using opened = await openStore({ kind: 'file', path })
      expect(opened.store.fault).toBe('FOREIGN')
      expect(await readFile(path)).toEqual(before)
    }
    await using aFolder = await openStore({ kind: 'file', path: folder })
    expect(aFolder.store.fault).toBe('FOREIGN')
  })

  it('in a folder that is not there waits for it', async () => {
    const missing = join(folder, 'missing')
    await using opened = await openStore({ kind: 'file', path: join(missing, 'store.db') })
    expect(opened.faults).toEqual(['NO_FOLDER'])
    await mkdir(missing)
    opened.lapse()
    await expect.poll(() => opened.store.fault).toBeNull()
  })
})

describe.runIf(HAS_POSTGRES)('a PostgreSQL', () => {
  it('that cannot store every text is left as it is', async () => {
    const target = toTarget(await newUrl('postgres', 'LATIN1'))
    await using opened = await openStore(target)
    expect(opened.faults).toEqual(['NOT_UTF8'])
    await expect(alter(target, 'select 1')).rejects.toMatchObject({ fault: 'NOT_UTF8' })
  })

  it('that is away is tried again, and again', { tags: 'long' }, async () => {
    await using server = await startPostgres()
    const target = toTarget(await server.createDatabase())
    await server.kill()
    await using opened = await openStore(target)
    expect(opened.faults).toEqual(['UNREACHABLE'])
    await server.start()
    opened.lapse()
    await expect.poll(() => opened.store.fault).toBeNull()
    expect(opened.faults).toEqual(['UNREACHABLE', 'USABLE'])
  })

  it('syncs each commit, whatever the database does otherwise', async () => {
    const target = await newTarget('postgres')
    const name = target.kind === 'postgres' ? target.database : ''
    await alter(target, `alter database ${name} set synchronous_commit = off`)
    const database = await openDatabase(target, false)
    const { rows } = await sql`show synchronous_commit`.execute(database.tables)
    expect(rows).toEqual([{ synchronous_commit: 'on' }])
    await database.close()
  })

  it('is brought to its tables once by replicas that start together', async () => {
    const target = await newTarget('postgres')
    const replicas = await Promise.all(
      Array.from({ length: 4 }, () => openStore(target, { userPoolId: () => 'pool-1' })),
    )
    expect(replicas.map(({ faults }) => faults)).toEqual([[], [], [], []])
    const created = await Promise.all(replicas.map(({ store }) => store.scans.create(newScan())))
    expect(created.map(({ kind }) => kind).toSorted()).toEqual([...Array(3).fill('ALREADY_THERE'), 'CREATED'])
    for (const { store } of replicas) await store.close()
  })

  it('belongs to one process alone where replicas share nothing else', async () => {
    const target = await newTarget('postgres')
    const first = await openStore(target, { isAlone: true })
    await using second = await openStore(target, { isAlone: true })
    expect(second.faults).toEqual(['LOCKED'])
    await first.store.close()
    await opensAgain(second)
    await alter(target, 'select pg_terminate_backend(pid) from pg_locks where locktype = $$advisory$$')
    await expect.poll(() => second.store.scans.newest(1).catch(error => error.fault)).toBe('UNREACHABLE')
    await opensAgain(second)
    expect(second.faults).toEqual(['LOCKED', 'USABLE', 'UNREACHABLE', 'USABLE'])
  })

  it('without the database that is named says so', async () => {
    const target = await newTarget('postgres')
    if (target.kind !== 'postgres') throw new Error('It was asked for')
    await using opened = await openStore({ ...target, database: 'none' })
    expect(opened.faults).toEqual(['REFUSED'])
  })
})

it.each([
  ['SQLITE_FULL', 'FULL'],
  ['53100', 'FULL'],
  ['SQLITE_CORRUPT', 'DAMAGED'],
  ['SQLITE_READONLY', 'REFUSED'],
  ['EACCES', 'REFUSED'],
  ['28P01', 'REFUSED'],
  ['42501', 'REFUSED'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'REFUSED'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'REFUSED'],
  ['ECONNREFUSED', 'UNREACHABLE'],
  ['57P03', 'UNREACHABLE'],
  ['25006', 'UNREACHABLE'],
  ['53300', 'UNREACHABLE'],
  ['23505', 'FAILED'],
  ['SQLITE_CONSTRAINT', 'FAILED'],
])('%s of a database is %s', (code, fault) => {
  expect(toStoreFault(Object.assign(new Error('canary'), { code }))).toBe(fault)
})

it.each([
  ['Connection terminated unexpectedly', 'UNREACHABLE'],
  ['timeout exceeded when trying to connect', 'UNREACHABLE'],
  ['Query read timeout', 'UNREACHABLE'],
  ['Client has encountered a connection error and is not queryable', 'UNREACHABLE'],
  ['The server does not support SSL connections', 'REFUSED'],
  ['SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a non-empty string', 'REFUSED'],
])('%s is %s', (message, fault) => {
  expect(toStoreFault(new Error(message))).toBe(fault)
})
