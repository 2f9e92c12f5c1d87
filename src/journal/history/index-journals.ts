import { basename } from 'node:path'
import type { ChangeIndex } from '../../history/change-index.ts'
import type { ChangeReader } from '../../history/change-reader.ts'
import type { AuditKeyring } from '../audit-key.ts'
import type { ChainStore } from '../store/chain-store.ts'
import { createFileRecords } from './file-records.ts'
import { createStoreRecords } from './store-records.ts'

export interface IndexJournalsOptions {
  /** Folders, open files and sealed segments, which are in order. */
  readonly files: readonly string[]
  /** The journal in the store. `null` if it is not read. */
  readonly chains: ChainStore | null
  readonly ring: AuditKeyring
  readonly index: Pick<ChangeIndex, 'add'>
}

/** One journal after it was read. */
export interface IndexedJournal {
  readonly name: string
  readonly changes: number
  /** `false` if a part of it is not in order. */
  readonly isWhole: boolean
}

export interface IndexedJournals {
  readonly journals: readonly IndexedJournal[]
  /** The number of ends and later looks whose change began in a file that was not named. */
  readonly endsWithoutBeginning: number
}

/**
 * Adds all changes of journals to the index. It sets no mark, so that a server still reads its own journal by itself.
 *
 * @throws StoreUnavailableError, and the errors of reading the files
 */
export async function indexJournals(options: IndexJournalsOptions): Promise<IndexedJournals> {
  const { files, chains, ring } = options
  const reading = { ring: () => ring, createRest: () => async () => {} }
  const named: (readonly [name: string, reader: ChangeReader])[] = files.map(path => [
    basename(path),
    createFileRecords({ ...reading, path, end: () => null }),
  ])
  for (const { chainId } of (await chains?.list()) ?? []) {
    if (chains !== null) named.push([chainId, createStoreRecords({ ...reading, chains, chainId })])
  }
  const first = await readAll(named, options.index)
  // A later segment may have been named first.
  return first.endsWithoutBeginning === 0 ? first : readAll(named, options.index)
}

async function readAll(
  named: readonly (readonly [name: string, reader: ChangeReader])[],
  index: Pick<ChangeIndex, 'add'>,
): Promise<IndexedJournals> {
  const journals: IndexedJournal[] = []
  let endsWithoutBeginning = 0
  for (const [name, reader] of named) {
    let changes = 0
    const { isWhole } = await reader.readBehind(
      [],
      async ({ entries }) => {
        endsWithoutBeginning += await index.add({ entries, mark: null })
        changes += entries.filter(({ kind }) => kind === 'BEGUN').length
      },
      new AbortController().signal,
    )
    journals.push({ name, changes, isWhole })
  }
  return { journals, endsWithoutBeginning }
}
