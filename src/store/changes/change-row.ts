import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { StoredChange } from '../../history/change-entry.ts'
import { MFA_CHANGE_EFFECTS } from '../../mfa/change-effect.ts'
import type { ChangesTable } from '../tables.ts'
import { parseFactorsText, toFactorsText } from './factors-text.ts'
import { fromUserKey, toUserKey } from './user-key.ts'
import { fromUuidBytes, toUuidBytes } from './uuid-bytes.ts'

export type ChangeRow = Selectable<ChangesTable>

const originSchema = z.tuple([z.string(), z.string(), z.string().nullable(), z.string()])
const fieldsSchema = z.array(z.string())
/** An effect that only a newer version knows is left out. */
const effectsSchema = z
  .array(z.enum(MFA_CHANGE_EFFECTS).nullable().catch(null))
  .transform(effects => effects.filter(effect => effect !== null))

/**
 * Returns the row of a change. The journal makes all IDs. Texts of callers stand in JSON, because PostgreSQL takes no
 * zero character.
 *
 * @throws RangeError for an ID that is no UUID
 */
export function toChangeRow(change: StoredChange): ChangeRow {
  const { actor, user, factorsBefore, changedFields, effects, revertOf } = change
  return {
    user_key: toUserKey(user),
    begun_at: change.atMs,
    id: toIdBytes(change.id),
    sealed_id: user.kind === 'SEALED' ? user.sealedId : null,
    origin: JSON.stringify([actor.issuer, actor.subject, actor.client, change.requestId]),
    outcome: change.outcome,
    follow_up: change.followUp,
    factors_before: factorsBefore && toFactorsText(factorsBefore),
    factors_after: toFactorsText(change.factorsAfter),
    changed_fields: changedFields.length === 0 ? null : JSON.stringify(changedFields),
    effects: effects && JSON.stringify(effects),
    revision_before: change.revisionBefore,
    revision_intended: change.revisionIntended,
    sealed_reason: change.sealedReason,
    revert_of: revertOf === null ? null : toIdBytes(revertOf),
  }
}

function toIdBytes(id: string): Buffer {
  const bytes = toUuidBytes(id)
  if (bytes === null) throw new RangeError('The ID of a change is a UUID')
  return bytes
}

/** @throws an error if the row was not made by `toChangeRow` */
export function toStoredChange(row: ChangeRow): StoredChange {
  const [issuer, subject, client, requestId] = originSchema.parse(JSON.parse(row.origin))
  return {
    id: fromUuidBytes(row.id),
    user: fromUserKey(row.user_key, row.sealed_id),
    atMs: row.begun_at,
    actor: { issuer, subject, client },
    requestId,
    outcome: row.outcome,
    followUp: row.follow_up,
    factorsBefore: row.factors_before === null ? null : parseFactorsText(row.factors_before),
    factorsAfter: parseFactorsText(row.factors_after),
    changedFields: row.changed_fields === null ? [] : fieldsSchema.parse(JSON.parse(row.changed_fields)),
    effects: row.effects === null ? null : effectsSchema.parse(JSON.parse(row.effects)),
    revisionBefore: row.revision_before,
    revisionIntended: row.revision_intended,
    sealedReason: row.sealed_reason && new Uint8Array(row.sealed_reason),
    revertOf: row.revert_of && fromUuidBytes(row.revert_of),
  }
}
