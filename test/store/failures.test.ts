import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { EVERY_ROW } from '../../src/coverage/coverage-filter.ts'
import { migrate } from '../../src/store/migrate.ts'
import { MIGRATIONS } from '../../src/store/migrations/migrations.ts'
import { openDatabase } from '../../src/store/open-database.ts'
import { createScanStore } from '../../src/store/scans/create-scan-store.ts'
import { toStoreFault } from '../../src/store/store-fault.ts'
import { startApp } from '../support/app.ts'
import { read, set } from '../support/asking.ts'
import { endWithParent } from '../support/end-with-parent.ts'
import { HAS_POSTGRES, startPostgres } from '../support/postgres.ts'
import { begin, newScan, toPage, toRow } from '../support/scans.ts'
import { ENGINES, openStore, toTarget, useStores } from '../support/stores.ts'

const { newPath, newUrl } = await useStores()

/** A user of the sandbox. */
const USER = '65a000000000000000000001'
const WRITER = fileURLToPath(new URL('../support/store-writer.mjs', import.meta.url))
const manyRows = (from: string) => Array.from({ length: 500 }, (_, n) => toRow(`${from}-${n}`))

describe('where the store cannot be used', () => {
  it('reads and changes of MFA go on, and the log says why', async () => {
    const path = newPath()
    await writeFile(path, 'not a store')
    await using app = await startApp({ env: { STORE_URL: `file:${path}` } })
    const lines = app.log.filter(({ fault }) => fault !== undefined)
    expect(lines).toEqual([
      expect.objectContaining({ fault: 'FOREIGN', msg: expect.stringMatching(/^STORE_URL: /) }),
    ])
    expect(JSON.stringify(lines)).not.toContain(path)
    expect((await read(app, USER)).payload.__typename).toBe('UserMfa')
    expect((await set(app, USER)).payload).toMatchObject({ applied: true })
  })
})

describe('a disk that is full', () => {
  it('fails what would be stored, keeps what is, and takes more when there is room', async () => {
    const database = await openDatabase({ kind: 'file', path: newPath() }, true)
    await migrate(database.tables, database.dialect, MIGRATIONS)
    const store = createScanStore(work => work(database.tables))
    const claim = await begin(store)
    await store.storePage(claim, toPage(manyRows('a')))
    const setPages = (pages: number) => sql.raw(`pragma max_page_count = ${pages}`).execute(database.tables)
    await setPages(1)
    const page = toPage(manyRows('b'), { position: 'p2' })
    const refused = await store.storePage(claim, page).catch(error => error)
    expect(toStoreFault(refused)).toBe('FULL')
    expect(await store.find(claim.scan.id)).toMatchObject({
      seen: 500,
      upstreamCalls: 501,
      status: 'RUNNING',
    })
    await setPages(100_000)
    expect(await store.storePage(claim, page)).toEqual({ kind: 'STORED', inserted: 500 })
    await database.close()
  })
})

describe('the store is known to take changes again', () => {
  it('by a change alone, because a full disk can be read', async () => {
    const database = await openDatabase({ kind: 'file', path: newPath() }, true)
    await migrate(database.tables, database.dialect, MIGRATIONS)
    const uses = new Set<string>()
    const store = createScanStore((work, use) => {
      uses.add(use)
      return work(database.tables)
    })
    const usesOf = async (work: () => Promise<unknown>) => {
      uses.clear()
      await work()
      return [...uses]
    }
    const { id } = newScan()
    const query = { filter: EVERY_ROW, order: 'SCANNED', after: 0, first: 1 } as const
    expect(
      await usesOf(async () => {
        await store.find(id)
        await store.newest(1)
        await store.due()
        await store.rows(id, query)
        await store.count(id, EVERY_ROW)
        await store.summary(id)
      }),
    ).toEqual(['READ'])
    expect(await store.count('none', EVERY_ROW)).toBeNull()
    expect(await usesOf(() => store.cancel('none', 1))).toEqual(['READ'])
    const claim = await begin(store)
    for (const change of [
      () => store.storePage(claim, toPage(manyRows('a'))),
      () => store.pause(claim),
      () => store.claim(claim.scan.id, 1),
      () => store.create(newScan({ depth: 'FULL' })),
      () => store.removeAllBut(1),
    ]) {
      expect(await usesOf(change)).toEqual(['CHANGE'])
    }
    expect(await usesOf(() => store.cancel(claim.scan.id, 1))).toContain('CHANGE')
    await database.close()
  })
})

describe('a transaction that SQLite itself has rolled back', () => {
  it('fails with the reason, and the next one is made', async () => {
    const database = await openDatabase({ kind: 'file', path: newPath() }, true)
    await migrate(database.tables, database.dialect, MIGRATIONS)
    const twice = sql`insert or rollback into mfa_store (id, scans_made) values (1, 0)`
    const failing = database.tables.transaction().execute(tables => twice.execute(tables))
    await expect(failing).rejects.toMatchObject({ code: expect.stringMatching(/^SQLITE_CONSTRAINT/) })
    const store = createScanStore(work => work(database.tables))
    expect((await store.create(newScan())).kind).toBe('CREATED')
    await database.close()
  })
})

describe.runIf(HAS_POSTGRES)('a PostgreSQL that is gone', { tags: 'long' }, () => {
  it('may be lost between two statements of a transaction, which then fails, and nothing else does', async () => {
    await using server = await startPostgres()
    const database = await openDatabase(toTarget(await server.createDatabase()), false)
    const transaction = database.tables.transaction().execute(async db => {
      await sql`select 1`.execute(db)
      await server.kill()
      // The driver hears of the loss on its own.
      await sleep(50)
      await sql`select 1`.execute(db)
    })
    expect(toStoreFault(await transaction.catch((error: unknown) => error))).toBe('UNREACHABLE')
    await database.close()
  })

  it('keeps what it confirmed, although its user has another default', async () => {
    await using server = await startPostgres()
    const target = toTarget(await server.createDatabase())
    for (const [text, expected] of [
      ['alter role test set synchronous_commit = off', [{ synchronous_commit: 'on' }]],
      ['select 1', [{ synchronous_commit: 'on' }]],
    ] as const) {
      const database = await openDatabase(target, false)
      await sql.raw(text).execute(database.tables)
      expect((await sql`show synchronous_commit`.execute(database.tables)).rows).toEqual(expected)
      await database.close()
    }
  })

  it('fails each piece of work, and serves again without a restart', async () => {
    await using server = await startPostgres()
    await using opened = await openStore(toTarget(await server.createDatabase()))
    const { scans } = opened.store
    const claim = await begin(scans)
    await scans.storePage(claim, toPage([toRow('u1')]))
    await server.kill()
    const page = toPage([toRow('u2')], { position: 'p2' })
    for (let n = 0; n < 3; n++) {
      await expect(scans.storePage(claim, page)).rejects.toMatchObject({
        name: 'StoreUnavailableError',
        fault: 'UNREACHABLE',
      })
    }
    expect(opened.store.fault).toBe('UNREACHABLE')
    await server.start()
    expect(await scans.storePage(claim, page)).toEqual({ kind: 'STORED', inserted: 1 })
    expect(opened.faults).toEqual(['UNREACHABLE', 'USABLE'])
    expect(await scans.find(claim.scan.id)).toMatchObject({ seen: 2, upstreamCalls: 4 })
  })
})

describe.runIf(HAS_POSTGRES)('a PostgreSQL that hangs', { tags: 'long' }, () => {
  it('fails the work after ten seconds, and serves again', { timeout: 60_000 }, async () => {
    await using server = await startPostgres()
    await using opened = await openStore(toTarget(await server.createDatabase()))
    const { scans } = opened.store
    const claim = await begin(scans)
    server.pause()
    await expect(scans.find(claim.scan.id)).rejects.toMatchObject({ fault: 'UNREACHABLE' })
    server.resume()
    expect(await scans.find(claim.scan.id)).toMatchObject({ status: 'RUNNING' })
    expect(opened.faults).toEqual(['UNREACHABLE', 'USABLE'])
  })
})

describe.runIf(HAS_POSTGRES)('TLS to PostgreSQL', { tags: 'long' }, () => {
  const certificates = fileURLToPath(new URL('../support/certificates/', import.meta.url))

  /** Goes on with a scan of no page in a process that trusts the authority of the tests. */
  async function trusting(url: string, id: string): Promise<number | null> {
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: `${certificates}ca.pem` }
    const child = endWithParent(
      spawn(process.execPath, [WRITER, url, id, '1', '1'], { env, stdio: 'ignore' }),
    )
    const [code] = await once(child, 'close')
    return code
  }

  it.for([
    ['good.pem', 0],
    ['wrong-name.pem', 1],
    ['expired.pem', 1],
  ] as const)(
    'with %s works only for a process that trusts its authority, if at all',
    async ([certificate, code]) => {
      await using server = await startPostgres(`${certificates}${certificate}`)
      const open = (await server.createDatabase()).replace('127.0.0.1', 'localhost')
      const wish = newScan()
      {
        await using opened = await openStore(toTarget(open))
        await opened.store.scans.create(wish)
      }
      const verified = `${open}?sslmode=verify-full`
      await using stranger = await openStore(toTarget(verified))
      expect(stranger.faults).toEqual(['REFUSED'])
      expect(await trusting(verified, wish.id)).toBe(code)
    },
  )

  it('is never given up for a server that has none', async () => {
    await using server = await startPostgres()
    await using opened = await openStore(toTarget(`${await server.createDatabase()}?sslmode=verify-full`))
    expect(opened.faults).toEqual(['REFUSED'])
  })
})

describe.each(ENGINES)('a process that is killed while it stores pages in %s', engine => {
  const [PAGES, ROWS] = [120, 50]

  it('leaves whole pages, and the next one goes on behind the last', {
    tags: 'long',
    timeout: 60_000,
  }, async () => {
    const url = await newUrl(engine)
    const wish = newScan()
    {
      await using opened = await openStore(toTarget(url))
      await opened.store.scans.create(wish)
    }
    let stored = -1
    for (const killAfter of [20, 50, 80, null]) {
      const first = stored
      const child = endWithParent(spawn(process.execPath, [WRITER, url, wish.id, `${PAGES}`, `${ROWS}`]))
      child.stderr.on('data', chunk => expect(String(chunk)).toBe(''))
      child.stdout.on('data', chunk => {
        stored = Number(String(chunk).trim().split('\n').at(-1))
        if (killAfter !== null && stored >= killAfter) child.kill('SIGKILL')
      })
      await once(child, 'close')
      expect(stored).toBeGreaterThan(first)
      await using opened = await openStore(toTarget(url))
      const { scans } = opened.store
      const { seen = -1 } = (await scans.find(wish.id)) ?? {}
      expect(seen % ROWS, 'a page is stored in whole').toBe(0)
      // The process may have died between the page and its line.
      expect(seen).toBeGreaterThanOrEqual((stored + 1) * ROWS)
      expect(await scans.count(wish.id, EVERY_ROW)).toBe(seen)
      expect(await scans.count(wish.id, { ...EVERY_ROW, departmentIds: ['d0', 'd1', 'd2'] })).toBe(seen)
    }
    await using opened = await openStore(toTarget(url))
    expect(await opened.store.scans.find(wish.id)).toMatchObject({ seen: PAGES * ROWS, upstreamCalls: PAGES })
  })
})
