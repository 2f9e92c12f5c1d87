import type { Migrate } from './migration.ts'

/**
 * Scans and their rows. A row names by small numbers what it has in common with others, so that 100,000 rows take about
 * 10 MB in SQLite, and the counts are there without reading them.
 */
export const m002Scans: Migrate = async (db, { bytes, clustered }) => {
  await db.schema
    .createTable('mfa_scans')
    .addColumn('no', 'integer', column => column.primaryKey())
    .addColumn('id', 'text', column => column.notNull().unique())
    .addColumn('depth', 'text', column => column.notNull())
    .addColumn('population', 'text', column => column.notNull())
    .addColumn('budget_share', 'double precision', column => column.notNull())
    .addColumn('status', 'text', column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('started_at', 'bigint')
    .addColumn('finished_at', 'bigint')
    .addColumn('expected', 'integer')
    .addColumn('seen', 'integer', column => column.notNull())
    .addColumn('unreadable', 'integer', column => column.notNull())
    .addColumn('upstream_calls', 'integer', column => column.notNull())
    .addColumn('is_whole', 'smallint', column => column.notNull())
    .addColumn('failure', 'text')
    .addColumn('pool_factors', 'text')
    .addColumn('epoch', 'integer', column => column.notNull())
    .addColumn('position', 'text')
    .addColumn('next_place', 'integer', column => column.notNull())
    .execute()
  await clustered(
    db.schema
      .createTable('mfa_scan_rows')
      .addColumn('scan_no', 'integer', column =>
        column.notNull().references('mfa_scans.no').onDelete('cascade'),
      )
      .addColumn('place', 'integer', column => column.notNull())
      .addColumn('user_id', bytes, column => column.notNull())
      .addColumn('kind_no', 'integer', column => column.notNull())
      .addColumn('enabled_factors_no', 'integer')
      .addColumn('department_nos', 'text')
      .addColumn('last_mfa_at', 'bigint')
      .addColumn('last_sign_in_at', 'bigint')
      .addColumn('read_at', 'bigint', column => column.notNull())
      .addPrimaryKeyConstraint('mfa_scan_rows_key', ['scan_no', 'place'])
      .addUniqueConstraint('mfa_scan_rows_user', ['scan_no', 'user_id']),
  ).execute()
  await clustered(
    db.schema
      .createTable('mfa_scan_values')
      .addColumn('scan_no', 'integer', column =>
        column.notNull().references('mfa_scans.no').onDelete('cascade'),
      )
      .addColumn('no', 'integer', column => column.notNull())
      .addColumn('what', 'text', column => column.notNull())
      .addColumn('value', 'text', column => column.notNull())
      .addColumn('users', 'integer', column => column.notNull())
      .addColumn('without_bound', 'integer', column => column.notNull())
      .addPrimaryKeyConstraint('mfa_scan_values_key', ['scan_no', 'no'])
      .addUniqueConstraint('mfa_scan_values_value', ['scan_no', 'value', 'what']),
  ).execute()
  await clustered(
    db.schema
      .createTable('mfa_scan_members')
      .addColumn('scan_no', 'integer', column =>
        column.notNull().references('mfa_scans.no').onDelete('cascade'),
      )
      .addColumn('department_no', 'integer', column => column.notNull())
      .addColumn('kind_no', 'integer', column => column.notNull())
      .addColumn('place', 'integer', column => column.notNull())
      .addPrimaryKeyConstraint('mfa_scan_members_key', ['scan_no', 'department_no', 'kind_no', 'place']),
  ).execute()
  await clustered(
    db.schema
      .createTable('mfa_scan_orders')
      .addColumn('scan_no', 'integer', column =>
        column.notNull().references('mfa_scans.no').onDelete('cascade'),
      )
      .addColumn('order_by', 'text', column => column.notNull())
      .addColumn('chunk_no', 'integer', column => column.notNull())
      .addColumn('first_key', 'bigint', column => column.notNull())
      .addColumn('first_place', 'integer', column => column.notNull())
      .addColumn('entries', bytes, column => column.notNull())
      .addPrimaryKeyConstraint('mfa_scan_orders_key', ['scan_no', 'order_by', 'chunk_no']),
  ).execute()
}
