import type { ChainStore } from '../../journal/store/chain-store.ts'
import { inParts } from '../in-parts.ts'
import { appendLines } from './append-lines.ts'
import type { RunOnDatabase } from './run-on-database.ts'
import { toStoredChain } from './stored-chain.ts'
import { takeOverChains } from './take-over-chains.ts'

/** Records have about 700 bytes. A batch takes some milliseconds of work. */
const LINES_AT_A_TIME = 200
/** SQLite takes a thousand conditions in one statement. */
const CLAIMS_AT_A_TIME = 100

/** Keeps the chains of the journal in the tables of an open store. */
export function createChainStore(run: RunOnDatabase): ChainStore {
  return {
    begin: (chainId, leaseMs) =>
      run(async (tables, { nowMs }) => {
        await tables
          .insertInto('mfa_journal_chains')
          .values(({ eb }) => ({
            chain_id: chainId,
            begun_at: nowMs,
            epoch: 1,
            lease_until: eb(nowMs, '+', leaseMs),
            segment: 1,
            last_seq: 0,
            is_settled: 0,
          }))
          .onConflict(conflict => conflict.doNothing())
          .execute()
        return { chainId, epoch: 1 }
      }, 'CHANGE'),
    append: (claim, group, leaseMs) =>
      run((tables, dialect) => appendLines(tables, dialect, claim, group, leaseMs), 'CHANGE'),
    renew: (claims, leaseMs) =>
      run(async (tables, { nowMs }) => {
        const held = new Map<string, number>()
        for (const part of inParts(claims, CLAIMS_AT_A_TIME)) {
          const renewed = await tables
            .updateTable('mfa_journal_chains')
            .set(({ eb }) => ({ lease_until: eb(nowMs, '+', leaseMs) }))
            .where(({ eb, or, and }) =>
              or(
                part.map(({ chainId, epoch }) =>
                  and([eb('chain_id', '=', chainId), eb('epoch', '=', epoch)]),
                ),
              ),
            )
            .returning(['chain_id', 'epoch'])
            .execute()
          for (const { chain_id, epoch } of renewed) held.set(chain_id, epoch)
        }
        return claims.filter(({ chainId, epoch }) => held.get(chainId) === epoch)
      }, 'CHANGE'),
    takeOver: options => run((tables, { nowMs }) => takeOverChains(tables, nowMs, options), 'READ'),
    release: ({ chainId, epoch }, isSettled) =>
      run(async tables => {
        await tables
          .updateTable('mfa_journal_chains')
          .set({ lease_until: 0, is_settled: isSettled ? 1 : 0 })
          .where('chain_id', '=', chainId)
          .where('epoch', '=', epoch)
          .execute()
      }, 'CHANGE'),
    list: () =>
      run(async tables => {
        const found = await tables
          .selectFrom('mfa_journal_chains')
          .selectAll()
          .orderBy('begun_at')
          .orderBy('chain_id')
          .execute()
        return found.map(toStoredChain)
      }, 'READ'),
    readLines: (chainId, segment, after) =>
      run(
        tables =>
          tables
            .selectFrom('mfa_journal_records')
            .select(['seq', 'line'])
            .where('chain_id', '=', chainId)
            .where('segment', '=', segment)
            .where('seq', '>', after)
            .orderBy('seq')
            .limit(LINES_AT_A_TIME)
            .execute(),
        'READ',
      ),
  }
}
