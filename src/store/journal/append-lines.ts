import type { RawBuilder } from 'kysely'
import type { ChainClaim, ChainGroup } from '../../journal/store/chain-store.ts'
import { inParts } from '../in-parts.ts'
import type { StoreTables } from '../tables.ts'

/**
 * Appends a group in one transaction, if the claim still holds and the chain ends where the group begins. The first
 * statement locks the chain until the transaction ends, so a takeover comes before it or after it.
 */
export function appendLines(
  tables: StoreTables,
  { chainId, epoch }: ChainClaim,
  { after, segment, lines }: ChainGroup,
  { nowMs, leaseMs }: { readonly nowMs: RawBuilder<number>; readonly leaseMs: number },
): Promise<'STORED' | 'LOST'> {
  const end = after + lines.length
  return tables.transaction().execute(async db => {
    const held = await db
      .updateTable('mfa_journal_chains')
      .set(({ eb }) => ({ last_seq: end, segment, lease_until: eb(nowMs, '+', leaseMs) }))
      .where('chain_id', '=', chainId)
      .where('epoch', '=', epoch)
      .where('last_seq', '=', after)
      .returning('epoch')
      .executeTakeFirst()
    if (held === undefined) {
      const found = await db
        .selectFrom('mfa_journal_chains')
        .select(['epoch', 'last_seq'])
        .where('chain_id', '=', chainId)
        .executeTakeFirst()
      // The transaction before may have ended although its result was lost.
      return found?.epoch === epoch && found.last_seq === end ? 'STORED' : 'LOST'
    }
    const rows = lines.map((line, n) => ({ chain_id: chainId, segment, seq: after + n + 1, line }))
    for (const part of inParts(rows)) await db.insertInto('mfa_journal_records').values(part).execute()
    return 'STORED'
  })
}
