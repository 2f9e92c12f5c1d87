import { sql } from 'kysely'
import type { ChainClaim, ChainGroup, ChainLoss } from '../../journal/store/chain-store.ts'
import { inParts } from '../in-parts.ts'
import type { Dialect } from '../migrations/migration.ts'
import type { StoreTables } from '../tables.ts'

/**
 * Appends a group in one transaction, if the claim still holds and the chain ends where the group begins. The first
 * change locks the chain until the transaction ends, so a takeover comes before it or after it.
 */
export async function appendLines(
  tables: StoreTables,
  dialect: Dialect,
  claim: ChainClaim,
  group: ChainGroup,
  leaseMs: number,
): Promise<'STORED' | ChainLoss> {
  const append = dialect.changesInWith ? appendInOneStatement : appendInTransaction
  if (await append(tables, dialect, claim, group, leaseMs)) return 'STORED'
  const found = await tables
    .selectFrom('mfa_journal_chains')
    .select(['epoch', 'last_seq'])
    .where('chain_id', '=', claim.chainId)
    .executeTakeFirst()
  // The transaction before may have ended although its result was lost.
  if (found?.epoch === claim.epoch && found.last_seq === group.after + group.lines.length) return 'STORED'
  return found !== undefined && found.epoch > claim.epoch ? 'LOST' : 'CHANGED'
}

/** Returns `false` if nothing was stored. */
type Append = (
  tables: StoreTables,
  dialect: Pick<Dialect, 'nowMs'>,
  claim: ChainClaim,
  group: ChainGroup,
  leaseMs: number,
) => Promise<boolean>

/** Takes one round trip. */
const appendInOneStatement: Append = async (tables, { nowMs }, claim, group, leaseMs) => {
  const { chainId, epoch } = claim
  const { after, segment, lines } = group
  const { numAffectedRows } = await sql`
    with held as (
      update mfa_journal_chains
      set last_seq = ${after + lines.length}, segment = ${segment}, lease_until = ${nowMs} + ${leaseMs}
      where chain_id = ${chainId} and epoch = ${epoch} and last_seq = ${after}
      returning chain_id
    )
    insert into mfa_journal_records (chain_id, segment, seq, line)
    select held.chain_id, ${segment}, ${after} + added.n, added.line
    from held, unnest(${sql.val(lines)}::text[]) with ordinality as added (line, n)`.execute(tables)
  return Number(numAffectedRows ?? 0) === lines.length
}

const appendInTransaction: Append = (tables, { nowMs }, claim, group, leaseMs) =>
  tables.transaction().execute(async db => {
    const { chainId, epoch } = claim
    const { after, segment, lines } = group
    const held = await db
      .updateTable('mfa_journal_chains')
      .set(({ eb }) => ({
        last_seq: after + lines.length,
        segment,
        lease_until: eb(nowMs, '+', leaseMs),
      }))
      .where('chain_id', '=', chainId)
      .where('epoch', '=', epoch)
      .where('last_seq', '=', after)
      .returning('epoch')
      .executeTakeFirst()
    if (held === undefined) return false
    const rows = lines.map((line, n) => ({ chain_id: chainId, segment, seq: after + n + 1, line }))
    for (const part of inParts(rows)) await db.insertInto('mfa_journal_records').values(part).execute()
    return true
  })
