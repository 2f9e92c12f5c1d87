import type { Migrate } from './migration.ts'

/**
 * The index of the changes of this service, in the order in which a user's history is read, and how far each chain of a
 * journal is in it.
 */
export const m003Changes: Migrate = async (db, { bytes, clustered }) => {
  await clustered(
    db.schema
      .createTable('mfa_changes')
      .addColumn('user_key', bytes, column => column.notNull())
      .addColumn('begun_at', 'bigint', column => column.notNull())
      .addColumn('id', bytes, column => column.notNull().unique())
      .addColumn('sealed_id', 'text')
      .addColumn('origin', 'text', column => column.notNull())
      .addColumn('outcome', 'text')
      .addColumn('follow_up', 'text')
      .addColumn('factors_before', 'text')
      .addColumn('factors_after', 'text', column => column.notNull())
      .addColumn('changed_fields', 'text')
      .addColumn('effects', 'text')
      .addColumn('revision_before', 'text')
      .addColumn('revision_intended', 'text', column => column.notNull())
      .addColumn('sealed_reason', bytes)
      .addColumn('revert_of', bytes)
      .addPrimaryKeyConstraint('mfa_changes_key', ['user_key', 'begun_at', 'id']),
  ).execute()
  // For what is too old to be kept.
  await db.schema.createIndex('mfa_changes_begun_at').on('mfa_changes').column('begun_at').execute()
  await db.schema
    .createTable('mfa_change_chains')
    .addColumn('chain', 'text', column => column.primaryKey())
    .addColumn('seq', 'bigint', column => column.notNull())
    .addColumn('hash', 'text', column => column.notNull())
    .execute()
}
