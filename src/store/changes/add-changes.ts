import {
  CHANGE_OUTCOMES,
  type ChangeOutcome,
  FOLLOW_UP_FINDINGS,
  type FollowUpFinding,
} from '../../history/change.ts'
import type { ChangeUpdate, StoredChange } from '../../history/change-entry.ts'
import type { ChainMark, ChangeBatch } from '../../history/change-index.ts'
import { inParts } from '../in-parts.ts'
import type { StoreTransaction } from '../tables.ts'
import { toChangeRow } from './change-row.ts'
import { fromUuidBytes, toUuidBytes } from './uuid-bytes.ts'

/** See `ChangeIndex.add`. A change that begins and ends in one batch is one row and one statement. */
export async function addChanges(db: StoreTransaction, { entries, mark }: ChangeBatch): Promise<number> {
  const begun = new Map<string, StoredChange>()
  const updates: ChangeUpdate[] = []
  for (const entry of entries) {
    if (entry.kind === 'BEGUN') {
      begun.set(entry.change.id, { ...entry.change, outcome: null, followUp: null })
      continue
    }
    const change = begun.get(entry.id)
    if (change === undefined) updates.push(entry)
    else begun.set(entry.id, update(change, entry))
  }
  const known = await insertNew(db, [...begun.values()])
  const missing = await updateKnown(db, [...updates, ...known.flatMap(toUpdates)])
  if (mark !== null) await note(db, mark)
  return missing
}

function update(change: StoredChange, entry: ChangeUpdate): StoredChange {
  switch (entry.kind) {
    case 'ENDED':
      return { ...change, outcome: entry.outcome }
    case 'FOLLOWED_UP':
      return { ...change, followUp: entry.found }
  }
}

/** @returns the changes that are there already */
async function insertNew(db: StoreTransaction, changes: readonly StoredChange[]): Promise<StoredChange[]> {
  const known: StoredChange[] = []
  for (const part of inParts(changes)) {
    const inserted = await db
      .insertInto('mfa_changes')
      .values(part.map(toChangeRow))
      .onConflict(conflict => conflict.doNothing())
      .returning('id')
      .execute()
    const ids = new Set(inserted.map(({ id }) => fromUuidBytes(id)))
    known.push(...part.filter(({ id }) => !ids.has(id)))
  }
  return known
}

function toUpdates({ id, outcome, followUp }: StoredChange): ChangeUpdate[] {
  return [
    ...(outcome === null ? [] : [{ kind: 'ENDED', id, outcome } as const]),
    ...(followUp === null ? [] : [{ kind: 'FOLLOWED_UP', id, found: followUp } as const]),
  ]
}

/** @returns the number of updates of changes that are not there */
async function updateKnown(db: StoreTransaction, updates: readonly ChangeUpdate[]): Promise<number> {
  let missing = 0
  for (const outcome of CHANGE_OUTCOMES) {
    const ended = updates.filter(entry => entry.kind === 'ENDED' && entry.outcome === outcome)
    missing += await fillIn(db, ended, { outcome })
  }
  for (const found of FOLLOW_UP_FINDINGS) {
    const followedUp = updates.filter(entry => entry.kind === 'FOLLOWED_UP' && entry.found === found)
    missing += await fillIn(db, followedUp, { follow_up: found })
  }
  return missing
}

/** Fills in what is `null`. A journal has one outcome and one later look of a change, so no other value is newer. */
async function fillIn(
  db: StoreTransaction,
  updates: readonly ChangeUpdate[],
  value: { readonly outcome: ChangeOutcome } | { readonly follow_up: FollowUpFinding },
): Promise<number> {
  let missing = 0
  for (const ids of inParts(toIds(updates))) {
    await db
      .updateTable('mfa_changes')
      .set(value)
      .where('id', 'in', ids)
      .where('outcome' in value ? 'outcome' : 'follow_up', 'is', null)
      .execute()
    missing += ids.length - (await countKnown(db, ids))
  }
  return missing
}

function toIds(updates: readonly ChangeUpdate[]): Buffer[] {
  return updates.map(({ id }) => toUuidBytes(id)).filter(bytes => bytes !== null)
}

async function countKnown(db: StoreTransaction, ids: readonly Buffer[]): Promise<number> {
  const { known } = await db
    .selectFrom('mfa_changes')
    .select(({ fn }) => fn.countAll<number>().as('known'))
    .where('id', 'in', [...ids])
    .executeTakeFirstOrThrow()
  return known
}

/** A mark never goes back. */
async function note(db: StoreTransaction, { chain, seq, hash }: ChainMark): Promise<void> {
  await db
    .insertInto('mfa_change_chains')
    .values({ chain, seq, hash })
    .onConflict(conflict =>
      conflict.column('chain').doUpdateSet({ seq, hash }).where('mfa_change_chains.seq', '<', seq),
    )
    .execute()
}
