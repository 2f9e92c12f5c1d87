import type { Migrate } from './migration.ts'

/** The journal, if it is kept here. A chain belongs to one process at a time. */
export const m004Journal: Migrate = async (db, { clustered }) => {
  await db.schema
    .createTable('mfa_journal_chains')
    .addColumn('chain_id', 'text', column => column.primaryKey())
    .addColumn('begun_at', 'bigint', column => column.notNull())
    .addColumn('epoch', 'integer', column => column.notNull())
    .addColumn('lease_until', 'bigint', column => column.notNull())
    .addColumn('segment', 'integer', column => column.notNull())
    .addColumn('last_seq', 'bigint', column => column.notNull())
    .addColumn('is_settled', 'smallint', column => column.notNull())
    .execute()
  await clustered(
    db.schema
      .createTable('mfa_journal_records')
      .addColumn('chain_id', 'text', column =>
        column.notNull().references('mfa_journal_chains.chain_id').onDelete('cascade'),
      )
      .addColumn('segment', 'integer', column => column.notNull())
      .addColumn('seq', 'bigint', column => column.notNull())
      .addColumn('line', 'text', column => column.notNull())
      .addPrimaryKeyConstraint('mfa_journal_records_key', ['chain_id', 'segment', 'seq']),
  ).execute()
}
