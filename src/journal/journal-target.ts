import { required } from '../base/required.ts'
import type { LockOwner } from './files/lock-file.ts'
import type { ChainStore } from './store/chain-store.ts'

/** A file that belongs to this process alone. */
export interface JournalFileTarget extends LockOwner {
  readonly kind: 'file'
  readonly path: string
  /** A file that reaches this many bytes is sealed, and the journal continues in another. */
  readonly segmentBytes: number
}

/** A stream has no lock and no recovery, and each process begins a chain of its own. */
export interface JournalStreamTarget {
  readonly kind: 'stdout'
  /** Writes one line or more, each with its end. Resolves when the operating system has taken them. */
  readonly write: (lines: string) => Promise<void>
  /** Returns `true` if nobody can read new lines any more. */
  readonly isLost: () => boolean
}

/** The store, in which each process begins a chain of its own and takes over the chains of dead processes. */
export interface JournalStoreTarget {
  readonly kind: 'store'
  readonly chains: ChainStore
  /** A segment that reaches this many bytes is sealed. A takeover reads the last segment alone. */
  readonly segmentBytes: number
  /** `true` if no other process uses the store. */
  readonly isAlone: boolean
}

export type JournalTarget = JournalFileTarget | JournalStreamTarget | JournalStoreTarget

/** The parts of the process that a journal needs. */
export interface JournalHost extends LockOwner {
  /** Resolves when the operating system has taken the lines. */
  readonly writeStdout: (lines: string) => Promise<void>
  /** Returns `true` if stdout was kept at the start and no longer is, because its file was removed. */
  readonly isStdoutLost: () => boolean
}

/** The parts of the store that a journal needs. */
export interface JournalStore {
  readonly chains: ChainStore
  readonly isAlone: boolean
}

/**
 * @param log a path, `stdout` or `store`
 * @param store `null` if there is none. Then the log cannot be `store`
 */
export function toJournalTarget(
  { log, segmentBytes }: { readonly log: string; readonly segmentBytes: number },
  { writeStdout, isStdoutLost, pid, isAlive }: JournalHost,
  store: JournalStore | null,
): JournalTarget {
  switch (log) {
    case 'stdout':
      return { kind: 'stdout', write: writeStdout, isLost: isStdoutLost }
    case 'store':
      return { kind: 'store', segmentBytes, ...required(store) }
    default:
      return { kind: 'file', path: log, segmentBytes, pid, isAlive }
  }
}
