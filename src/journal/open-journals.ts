import { type AttendedJournal, type AttendOptions, attendJournal } from './attend-journal.ts'
import type { AuditKeyring } from './audit-key.ts'
import type { DurableListener } from './chain-writer.ts'
import { createJournal, type JournalOptions } from './create-journal.ts'
import type { Journal } from './journal.ts'
import type { JournalTarget } from './journal-target.ts'

export interface OpenJournalsOptions extends Omit<JournalOptions, 'signal' | 'target'>, AttendOptions {
  readonly target: JournalTarget
  /** Called with each group of records that becomes durable in one of the journals. */
  readonly onDurable: DurableListener
}

/** The journals that a process has open: one, and in the store those of dead processes that it has taken over. */
export interface OpenJournals {
  /** The journal of this process. `null` while another one has to be begun. */
  readonly own: Journal | null
  readonly attended: readonly AttendedJournal[]
  /** Calls `Journal.useKeys`. */
  useKeys(ring: AuditKeyring): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the journals of a target. Writes are allowed after that, because the users of open intents are locked then.
 *
 * @throws the errors of `createJournal`
 */
export async function openJournals(options: OpenJournalsOptions, signal: AbortSignal): Promise<OpenJournals> {
  const { target, onDurable, ...rest } = options
  switch (target.kind) {
    case 'store': {
      const { StoreJournals } = await import('./store/store-journals.ts')
      return StoreJournals.open({ ...rest, onDurable, target }, signal)
    }
    case 'file':
    case 'stdout': {
      const own = await createJournal({ ...rest, target, signal })
      own.onDurable(onDurable)
      const attended = attendJournal(own, rest)
      return {
        own,
        attended: [attended],
        useKeys: ring => own.useKeys(ring),
        close: async () => void (await attended.close()),
      }
    }
  }
}
