import type { ChainIndexers } from './chain-indexers.ts'
import type { Change } from './change.ts'
import type { StoredChange } from './change-entry.ts'
import type { ChangeIndex } from './change-index.ts'
import type { Changes } from './changes.ts'
import type { HistorySeal } from './history-seal.ts'

export interface IndexedChangesOptions {
  readonly index: Pick<ChangeIndex, 'find' | 'page'>
  readonly seal: HistorySeal
  readonly indexers: Pick<ChainIndexers, 'settle' | 'isBehind'>
}

/** Reads the index. */
export function createIndexedChanges({ index, seal, indexers }: IndexedChangesOptions): Changes {
  const open = (stored: StoredChange): Change => {
    const { user, sealedReason, ...change } = stored
    return { ...change, userId: seal.openUserId(user, stored.id), reason: seal.openReason(stored) }
  }
  return {
    async find(id) {
      await indexers.settle()
      const found = await index.find(id)
      return found && open(found)
    },
    async page(userId, first, before) {
      const isWhole = await indexers.settle()
      const { changes, hasMore } = await index.page(seal.toUserKeys(userId), first, before)
      return { changes: changes.map(open), hasMore, isWhole }
    },
    isBehind: () => indexers.isBehind(),
  }
}
