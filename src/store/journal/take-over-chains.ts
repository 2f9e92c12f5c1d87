import { type RawBuilder, sql } from 'kysely'
import type { ChainStore, ClaimedChain, TakeOverWhich } from '../../journal/store/chain-store.ts'
import type { StoreTables } from '../tables.ts'
import { toStoredChain } from './stored-chain.ts'

/** The rest is for the next look, or for other replicas. */
const CHAINS_AT_A_TIME = 16

/** Takes over chains one by one. The condition of each statement decides between replicas that look together. */
export async function takeOverChains(
  tables: StoreTables,
  nowMs: RawBuilder<number>,
  { leaseMs, which, except }: Parameters<ChainStore['takeOver']>[0],
): Promise<ClaimedChain[]> {
  const mayBeTaken = toCondition(which, nowMs)
  const found = await tables
    .selectFrom('mfa_journal_chains')
    .select(['chain_id', 'epoch'])
    .where('is_settled', '=', 0)
    .where('chain_id', 'not in', ['', ...except])
    .where(mayBeTaken)
    .orderBy('begun_at')
    .limit(CHAINS_AT_A_TIME)
    .execute()
  const claimed: ClaimedChain[] = []
  for (const { chain_id, epoch } of found) {
    const taken = await tables
      .updateTable('mfa_journal_chains')
      .set(({ eb }) => ({ epoch: epoch + 1, lease_until: eb(nowMs, '+', leaseMs) }))
      .where('chain_id', '=', chain_id)
      .where('epoch', '=', epoch)
      .where('is_settled', '=', 0)
      .where(mayBeTaken)
      .returningAll()
      .executeTakeFirst()
    if (taken === undefined) continue
    claimed.push({ ...toStoredChain(taken), claim: { chainId: chain_id, epoch: taken.epoch } })
  }
  return claimed
}

/** A released chain has a lease that ended in 1970. */
function toCondition(which: TakeOverWhich, nowMs: RawBuilder<number>): RawBuilder<boolean> {
  switch (which) {
    case 'RELEASED':
      return sql`lease_until = 0`
    case 'LAPSED':
      return sql`lease_until < ${nowMs}`
    case 'ALL':
      return sql`1 = 1`
  }
}
