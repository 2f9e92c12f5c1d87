import { sql } from 'kysely'
import type { Migrate } from './migration.ts'

/** The row that says whose store it is. */
export const m001Store: Migrate = async db => {
  await db.schema
    .createTable('mfa_store')
    .addColumn('id', 'integer', column => column.primaryKey())
    .addColumn('user_pool_id', 'text')
    .addColumn('scans_made', 'integer', column => column.notNull())
    .execute()
  await sql`insert into mfa_store (id, scans_made) values (1, 0)`.execute(db)
}
