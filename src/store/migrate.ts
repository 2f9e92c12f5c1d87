import { Migrator } from 'kysely'
import type { Dialect, Migrate } from './migrations/migration.ts'
import { UnfitStoreError } from './store-fault.ts'
import type { StoreTables } from './tables.ts'

const TABLE = 'mfa_store_migrations'

/**
 * Brings the tables to this version, all steps in one transaction. Replicas that start together wait for each other.
 *
 * @throws UnfitStoreError `NEWER` if a step was done that this version does not know, and the errors of the database
 */
export async function migrate(
  db: StoreTables,
  dialect: Dialect,
  steps: Readonly<Record<string, Migrate>>,
): Promise<void> {
  const migrations = Object.fromEntries(
    Object.entries(steps).map(([name, step]) => [name, { up: (on: StoreTables) => step(on, dialect) }]),
  )
  await refuseNewer(db, Object.keys(steps))
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    migrationTableName: TABLE,
    migrationLockTableName: `${TABLE}_lock`,
  })
  const { error } = await migrator.migrateToLatest()
  if (error === undefined) return
  // Another replica of a newer version may have been faster.
  await refuseNewer(db, Object.keys(steps))
  throw error
}

async function refuseNewer(db: StoreTables, known: readonly string[]): Promise<void> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === TABLE)) return
  const done = await db.withTables<{ [TABLE]: { name: string } }>().selectFrom(TABLE).select('name').execute()
  if (done.some(({ name }) => !known.includes(name))) throw new UnfitStoreError('NEWER')
}
