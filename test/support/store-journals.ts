import { onTestFinished } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { Events } from '../../src/base/events.ts'
import type { AuditKeyring } from '../../src/journal/audit-key.ts'
import { BackgroundJournal } from '../../src/journal/background-journal.ts'
import type { DurableGroup } from '../../src/journal/chain-writer.ts'
import type { JournalEvents } from '../../src/journal/journal-events.ts'
import type { ChainStore } from '../../src/journal/store/chain-store.ts'
import { createUserLocks } from '../../src/locks/user-locks.ts'
import { fail, notSent, succeed } from '../../src/mfa/failure.ts'
import type { MfaState } from '../../src/mfa/mfa-state.ts'
import { createRevisions } from '../../src/mfa/revision.ts'
import type { Json } from './app.ts'
import { createLapsingClock, skipWaits } from './hand-clock.ts'
import { AUDIT_KEYS, watchedLog } from './journal.ts'

/** The time between two looks for chains of dead processes. */
const LOOK_EVERY_MS = 5_000
/** No write of a dead process is waited for. */
const NO_WAITS = 10_000

export const { toRevision, isRevisionOf } = createRevisions(['secret'])

export interface StoreProcess {
  readonly journal: BackgroundJournal
  readonly lines: readonly Json[]
  /** Each group of records that became durable. */
  readonly groups: readonly DurableGroup[]
  /** Lets it renew its leases, and look for chains of others. */
  look(): void
  /** Turns its monotonic clock forward. */
  forward(ms: number): void
}

/**
 * Opens the journal of a process in the store. It is closed when the test ends.
 *
 * @param state what GenAuth shows of each user. `null` if it cannot be reached
 */
export async function openStoreProcess(
  chains: ChainStore,
  {
    isAlone = true,
    keys = AUDIT_KEYS,
    segmentBytes = 1_000_000,
    state = null,
    withUserLock = createUserLocks(),
  }: {
    readonly isAlone?: boolean
    readonly keys?: AuditKeyring
    readonly segmentBytes?: number
    readonly state?: MfaState | null
    readonly withUserLock?: ReturnType<typeof createUserLocks>
  } = {},
): Promise<StoreProcess> {
  const { clock, lapse } = createLapsingClock(LOOK_EVERY_MS)
  const { log, lines } = watchedLog()
  let aheadMs = 0
  const journal = new BackgroundJournal({
    target: { kind: 'store', chains, segmentBytes, isAlone },
    keys,
    isAlone,
    upstreamFor: () => ({
      readMfa: async () => (state === null ? fail(notSent()) : succeed({ state, mfaToken: null })),
      readPoolFactors: async () => fail(notSent()),
    }),
    upstreamTimeoutMs: 1_000,
    isRevisionOf,
    withUserLock,
    events: new Events<JournalEvents>(),
    // Renewals and looks come when the test says so.
    clock: {
      ...systemClock,
      monotonic: () => systemClock.monotonic() + aheadMs,
      after: (ms, work) => (ms === LOOK_EVERY_MS ? clock.after(ms, work) : systemClock.after(ms, work)),
    },
    backgroundClock: skipWaits(NO_WAITS),
    log,
  })
  onTestFinished(() => journal.close())
  const groups: DurableGroup[] = []
  journal.onDurable(group => groups.push(group))
  await journal.open()
  return {
    journal,
    lines,
    groups,
    look: lapse,
    forward(ms) {
      aheadMs += ms
    },
  }
}

/** Returns the records of all chains, in the order of the chains. */
export async function recordsOf(chains: ChainStore): Promise<Json[]> {
  const records: Json[] = []
  for (const { chainId, segment: last } of await chains.list()) {
    for (let segment = 1; segment <= last; segment++) {
      for (let after = 0; ; ) {
        const found = await chains.readLines(chainId, segment, after)
        if (found.length === 0) break
        for (const { line, seq } of found) {
          records.push({ chain: chainId, segment, ...JSON.parse(line) })
          after = seq
        }
      }
    }
  }
  return records
}
