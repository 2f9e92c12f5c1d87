import type { Logger } from 'pino'
import type { Clock } from './base/clock.ts'
import { createRest } from './base/rest.ts'
import { ChainIndexers } from './history/chain-indexers.ts'
import type { ChangeReader } from './history/change-reader.ts'
import type { Changes } from './history/changes.ts'
import { createIndexedChanges } from './history/indexed-changes.ts'
import { startRetention } from './history/retention.ts'
import type { AuditKeyring, AuditKeys } from './journal/audit-key.ts'
import type { BackgroundJournal } from './journal/background-journal.ts'
import type { DurableGroup } from './journal/chain-writer.ts'
import { createHistorySeal } from './journal/history/create-history-seal.ts'
import { createFileRecords } from './journal/history/file-records.ts'
import { createStoreRecords, findLaggingChains } from './journal/history/store-records.ts'
import { isOfChange, toChangeEntry } from './journal/history/to-change-entry.ts'
import type { JournalTarget } from './journal/journal-target.ts'
import type { Store } from './store/create-store.ts'

export interface HistoryOptions {
  readonly store: Pick<Store, 'changes'>
  readonly target: JournalTarget
  readonly keys: AuditKeyring
  /** Changes are kept for this many days. */
  readonly days: number
  readonly clock: Clock
  readonly log: Logger
}

type FollowedJournal = Pick<BackgroundJournal, 'onDurable' | 'end'>

/** The changes of this service in the store, and the part that brings them there. */
export interface History {
  readonly changes: Changes
  /** Takes the records of the journal. It must be called before the journal is opened. */
  follow(journal: FollowedJournal): void
  /** Begins to write, when the journal is open. What an earlier process left out comes first. */
  start(): void
  /** Returns how long the oldest record waits to be written, in milliseconds, or 0 if none does. */
  waitingForMs(): number
  /** Continues with these keys. */
  useKeys(ring: AuditKeyring): void
  close(): Promise<void>
}

/** The share of one core for reading the journal again. The rest is for requests. */
const READING_SHARE = 0.5

export function startHistory({ store, target, keys, days, clock, log }: HistoryOptions): History {
  const index = store.changes
  let ring = keys
  let followed: FollowedJournal | null = null

  function readerOf(chainId: string | null): ChangeReader | null {
    const reading = { ring: () => ring, createRest: () => createRest(clock, READING_SHARE) }
    switch (target.kind) {
      case 'file':
        return createFileRecords({ ...reading, path: target.path, end: () => followed?.end() ?? null })
      case 'store':
        return chainId === null ? null : createStoreRecords({ ...reading, chains: target.chains, chainId })
      case 'stdout':
        return null
    }
  }

  const findLagging = async () =>
    target.kind === 'store' ? await findLaggingChains(target.chains, index) : [null]
  const indexers = new ChainIndexers({ index, readerOf, findLagging, clock, log })
  const changes = createIndexedChanges({ index, seal: createHistorySeal(() => ring), indexers })
  const retention = startRetention({ index, days, isBehind: changes.isBehind, clock })
  return {
    changes,
    follow(journal) {
      followed = journal
      journal.onDurable(group => {
        const { records } = group
        const isTakenOver = records.length === 0
        if (isTakenOver || records.some(({ draft }) => isOfChange(draft)))
          indexers.take(group, toDurableChanges(group, ring[0]))
      })
    },
    start: () => indexers.start(),
    waitingForMs: () => indexers.waitingForMs(),
    useKeys(next) {
      ring = next
    },
    async close() {
      retention.close()
      await indexers.close()
    },
  }
}

function toDurableChanges({ records, end }: DurableGroup, keys: AuditKeys) {
  const toEntries = () =>
    records.map(({ draft }) => toChangeEntry(keys, draft)).filter(entry => entry !== null)
  return { toEntries, end }
}
