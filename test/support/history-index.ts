import { expect } from 'vitest'
import type { StoredChange } from '../../src/history/change-entry.ts'
import { toStoredChange } from '../../src/store/changes/change-row.ts'
import { fromUuidBytes } from '../../src/store/changes/uuid-bytes.ts'
import { openDatabase } from '../../src/store/open-database.ts'
import type { Json } from './app.ts'
import { toTarget } from './stores.ts'

/** Compares the whole index of a store with the records of journals. No other process may have the store. */
export async function expectIndexOf(storeUrl: string, records: readonly Json[]): Promise<void> {
  const database = await openDatabase(toTarget(storeUrl), false)
  try {
    const rows = await database.tables.selectFrom('mfa_changes').selectAll().execute()
    const found = new Map(rows.map(row => [fromUuidBytes(row.id), toStoredChange(row)]))
    const expected = new Map(
      records.filter(({ kind }) => kind === 'intent').map(intent => [intent.id, toExpected(intent, records)]),
    )
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected))
  } finally {
    await database.close()
  }
}

function toExpected(intent: Json, records: readonly Json[]): StoredChange {
  const about = records.filter(record => record.intent === intent.id)
  return {
    id: intent.id,
    user: { kind: 'ID', userId: intent.user.genauthId },
    atMs: Date.parse(intent.time),
    actor: intent.caller,
    requestId: intent.requestId,
    outcome: about.find(({ kind }) => kind === 'outcome')?.outcome ?? null,
    followUp: about.find(({ kind }) => kind === 'followUp')?.found ?? null,
    factorsBefore: intent.factorsBefore,
    factorsAfter: intent.factorsAfter,
    changedFields: intent.changedFields,
    effects: intent.effects,
    revisionBefore: intent.revisionBefore,
    revisionIntended: intent.revisionIntended,
    sealedReason: intent.reason === null ? null : expect.any(Uint8Array),
    revertOf: intent.revertOf ?? null,
  }
}

/** Reads the records of a journal in a store. */
export async function readStoredRecords(storeUrl: string): Promise<Json[]> {
  const database = await openDatabase(toTarget(storeUrl), false)
  try {
    const rows = await database.tables.selectFrom('mfa_journal_records').select('line').execute()
    return rows.map(({ line }) => JSON.parse(line))
  } finally {
    await database.close()
  }
}

/** Empties the index, as if nothing of the journal had come into it. */
export async function forget(storeUrl: string): Promise<void> {
  const database = await openDatabase(toTarget(storeUrl), false)
  try {
    await database.tables.deleteFrom('mfa_changes').execute()
    await database.tables.deleteFrom('mfa_change_chains').execute()
  } finally {
    await database.close()
  }
}
