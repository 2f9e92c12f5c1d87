import type { Selectable } from 'kysely'
import type { StoredChain } from '../../journal/store/chain-store.ts'
import type { ChainsTable } from '../tables.ts'

export function toStoredChain(found: Selectable<ChainsTable>): StoredChain {
  return {
    chainId: found.chain_id,
    begunAtMs: found.begun_at,
    segment: found.segment,
    lastSeq: found.last_seq,
    isSettled: found.is_settled === 1,
  }
}
