import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { StoreDatabase } from '../database.ts'
import { UnfitStoreError } from '../store-fault.ts'
import type { StorePostgresTarget } from '../store-target.ts'
import type { Tables } from '../tables.ts'
import { discardSilent } from './discard-silent.ts'
import { takeProcessLock } from './process-lock.ts'

const MAX_CONNECTIONS = 4
const CONNECT_TIMEOUT_MS = 3_000
/** The longest time for one statement. The server counts, and the client does for a server that is silent. */
const STATEMENT_TIMEOUT_MS = 10_000
/** The number of the type `bigint`, which the driver otherwise gives as text. Ours are far below 2^53. */
const BIGINT = 20

/**
 * Opens a pool of connections. It connects when it is first asked, and again after each loss.
 *
 * @param isAlone `true` if no other process may use the database
 * @throws UnfitStoreError `LOCKED` if another process uses it alone, `NOT_UTF8` if it cannot store every text, and the
 * errors of the database
 */
export async function openPostgres(target: StorePostgresTarget, isAlone: boolean): Promise<StoreDatabase> {
  const { host, port, user, password, database, isVerified } = target
  const connection = {
    host,
    port,
    user,
    database,
    // Otherwise the driver would look for one in the environment, and in a file of the user's.
    password: () => password ?? '',
    ssl: isVerified ? { rejectUnauthorized: true } : false,
    application_name: 'genauth-graphql',
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    // What a transaction has confirmed must outlive a crash, whatever the database or the user has as a default.
    options: '-c synchronous_commit=on',
    types: { getTypeParser: toTypeParser },
  }
  const lock = isAlone ? await takeProcessLock(new pg.Client(connection)) : null
  const pool = new pg.Pool({ ...connection, max: MAX_CONNECTIONS })
  // A connection that breaks is replaced. Without a listener it would end the process, idle or between two statements
  // of a transaction.
  pool.on('error', () => {})
  pool.on('connect', client => client.on('error', () => {}))
  const tables = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: discardSilent(pool) }) })
  async function close() {
    await tables.destroy()
    await lock?.free()
  }
  try {
    await refuseOtherEncoding(tables)
  } catch (error) {
    await close()
    throw error
  }
  return {
    tables,
    dialect: {
      bytes: 'bytea',
      nowMs: sql`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`,
      changesInWith: true,
      clustered: table => table,
    },
    lost: () => (lock === null || lock.isHeld() ? null : 'UNREACHABLE'),
    close,
  }
}

/** A reason may be in any script. A record that the database cannot encode would hold up all records behind it. */
async function refuseOtherEncoding(tables: Kysely<Tables>): Promise<void> {
  const read = sql<{ encoding: string }>`select current_setting('server_encoding') as encoding`
  const { rows } = await read.execute(tables)
  if (rows[0]?.encoding !== 'UTF8') throw new UnfitStoreError('NOT_UTF8')
}

const toTypeParser: typeof pg.types.getTypeParser = (type: number, format?: 'text' | 'binary') =>
  type === BIGINT && format !== 'binary' ? Number : pg.types.getTypeParser(type, format)
