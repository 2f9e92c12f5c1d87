import type { LockOwner } from './files/lock-file.ts'

/** A file that belongs to this process alone. */
export interface JournalFileTarget extends LockOwner {
  readonly kind: 'file'
  readonly path: string
  /** A file that holds this many bytes is sealed, and the journal goes on in another. */
  readonly segmentBytes: number
}

/** A stream has no lock and no recovery, and each process begins a chain of its own. */
export interface JournalStreamTarget {
  readonly kind: 'stdout'
  /** Is given one line or more, each with its end; resolves when the operating system has taken them. */
  readonly write: (lines: string) => Promise<void>
  /** Whether nobody can read any more what is written. */
  readonly isLost: () => boolean
}

export type JournalTarget = JournalFileTarget | JournalStreamTarget

/** What the process lends for a journal. */
export interface JournalHost extends LockOwner {
  /** Resolves when the operating system has taken the lines. */
  readonly writeStdout: (lines: string) => Promise<void>
  /** Whether stdout was kept when the process started, and is not any more: its file was removed. */
  readonly isStdoutLost: () => boolean
}

/** @param log a path, or `stdout` */
export function toJournalTarget(
  { log, segmentBytes }: { readonly log: string; readonly segmentBytes: number },
  { writeStdout, isStdoutLost, pid, isAlive }: JournalHost,
): JournalTarget {
  return log === 'stdout'
    ? { kind: 'stdout', write: writeStdout, isLost: isStdoutLost }
    : { kind: 'file', path: log, segmentBytes, pid, isAlive }
}
