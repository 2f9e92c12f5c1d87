import { Kysely, sql } from 'kysely'
import Database from 'libsql'
import type { StoreDatabase } from '../database.ts'
import type { StoreFileTarget } from '../store-target.ts'
import type { Tables } from '../tables.ts'
import { FileDialect } from './file-dialect.ts'
import { type FileIdentity, identifyFile } from './file-identity.ts'
import { APPLICATION_ID, refuseForeignFile } from './foreign-file.ts'
import { makePrivateFile } from './private-file.ts'

/** The longest that the log of changes stays after it was written back. */
const MAX_LOG_BYTES = 4 * 1024 * 1024
/** More would block the event loop for longer. */
const ROWS_TO_ANALYZE = 400
const CACHE_KB = 4_096

/**
 * Opens a file for this process alone. The system holds the lock, and frees it when the process ends, however it ends.
 * It also keeps apart containers that share a volume of one machine.
 *
 * A transaction is on the disk when it has ended. Each call blocks the event loop until then.
 *
 * @throws UnfitStoreError if the file is not a store, and the errors of SQLite and the system
 */
export async function openSqlite({ path }: StoreFileTarget): Promise<StoreDatabase> {
  await makePrivateFile(path)
  const file = identifyFile(path)
  await refuseForeignFile(path)
  const database = new Database(path)
  const log = prepare(database, path)
  const tables = new Kysely<Tables>({ dialect: new FileDialect({ database }) })
  return {
    tables,
    dialect: {
      bytes: 'blob',
      nowMs: sql`cast(unixepoch('subsec') * 1000 as integer)`,
      changesInWith: false,
      clustered: table => table.modifyEnd(sql`without rowid`),
    },
    // SQLite would go on with a file that has no name any more, and all would be lost with the process.
    lost: () => (file.isThere() ? null : 'REMOVED'),
    async close() {
      const isThere = file.isThere()
      // It waits for the work before it.
      await tables
        .connection()
        .execute(async () => isThere && release(database))
        .catch(() => {})
      await tables.destroy()
      // SQLite would write what it holds into whatever file is there now.
      if (!isThere) log.remove()
    },
  }
}

/** @returns the log of changes that SQLite makes beside the file */
function prepare(database: Database.Database, path: string): FileIdentity {
  try {
    setUp(database)
    return identifyFile(`${path}-wal`)
  } catch (error) {
    database.close()
    throw error
  }
}

/**
 * Takes the lock first. No statement is prepared here: SQLite keeps a connection, with its lock, until each of its
 * statements is collected as garbage.
 */
function setUp(database: Database.Database): void {
  database.exec('pragma locking_mode = exclusive; begin exclusive; commit')
  // Before there is a log, so that it stands in the file itself.
  database.exec(`pragma application_id = ${APPLICATION_ID}`)
  database.exec(`
    pragma journal_mode = wal;
    pragma synchronous = full;
    pragma foreign_keys = on;
    pragma temp_store = memory;
    pragma analysis_limit = ${ROWS_TO_ANALYZE};
    pragma cache_size = -${CACHE_KB};
    pragma journal_size_limit = ${MAX_LOG_BYTES}`)
  // Makes the log.
  database.exec('begin immediate; commit')
}

/** Gives the lock back, whatever statements are left, and brings all changes into the one file. */
function release(database: Database.Database): void {
  database.exec('pragma journal_mode = delete')
  database.exec('pragma locking_mode = normal; select 1 from sqlite_schema')
}
