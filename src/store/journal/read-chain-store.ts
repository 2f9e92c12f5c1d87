import { access } from 'node:fs/promises'
import { StoreUnavailableError } from '../../base/store-unavailable-error.ts'
import type { ChainStore } from '../../journal/store/chain-store.ts'
import { openDatabase } from '../open-database.ts'
import { toStoreFault } from '../store-fault.ts'
import type { StoreTarget } from '../store-target.ts'
import { createChainStore } from './create-chain-store.ts'

export interface OpenChainStore extends AsyncDisposable {
  readonly chains: Pick<ChainStore, 'list' | 'readLines'>
}

/**
 * Opens a store to read its journal beside the servers that use it. It makes no file and no table. The file of a
 * running server cannot be opened (`LOCKED`).
 *
 * @throws StoreUnavailableError, as its functions do, and the error of the system if the file cannot be found
 */
export async function readChainStore(target: StoreTarget): Promise<OpenChainStore> {
  if (target.kind === 'file') await access(target.path)
  const database = await unlessFault(() => openDatabase(target, false))
  return {
    chains: createChainStore(work => unlessFault(() => work(database.tables, database.dialect))),
    [Symbol.asyncDispose]: () => database.close(),
  }
}

async function unlessFault<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new StoreUnavailableError(toStoreFault(error), { cause: error })
  }
}
