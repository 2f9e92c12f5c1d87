import type { LockOwner } from './files/lock-file.ts'

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

export type JournalTarget = JournalFileTarget | JournalStreamTarget

/** The parts of the process that a journal needs. */
export interface JournalHost extends LockOwner {
  /** Resolves when the operating system has taken the lines. */
  readonly writeStdout: (lines: string) => Promise<void>
  /** Returns `true` if stdout was kept at the start and no longer is, because its file was removed. */
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
