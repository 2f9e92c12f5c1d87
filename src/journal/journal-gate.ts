import { JournalUnavailableError, type MfaJournal } from '../mfa/journal-port.ts'
import type { Journal } from './journal.ts'

/** The journal for those who are served while it is still being opened: until then, no record and no write. */
export interface JournalGate extends MfaJournal {
  /** From now on it is this one. To be called when all that must be done before a write has been done. */
  letIn(journal: Journal): void
  isWritable(): boolean
}

export function createJournalGate(): JournalGate {
  let journal: Journal | null = null

  function whenOpen(): Journal {
    if (journal === null) throw new JournalUnavailableError('The audit journal is being opened')
    return journal
  }

  return {
    letIn(opened) {
      journal = opened
    },
    refuseUnlessOpen: () => void whenOpen(),
    isWritable: () => journal?.isWritable() ?? false,
    begin: async intent => await whenOpen().begin(intent),
    recordProbe: async probe => await whenOpen().recordProbe(probe),
    isContested: intent => whenOpen().isContested(intent),
  }
}
