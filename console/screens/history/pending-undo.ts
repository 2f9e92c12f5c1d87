/** An undo that may wait for a sign-in. */
export interface PendingUndo {
  readonly changeId: string
}

export function isPendingUndo(read: unknown): read is PendingUndo {
  return typeof read === 'object' && read !== null && 'changeId' in read && typeof read.changeId === 'string'
}

/** The place of an undo that waits. */
export function toUndoTarget(userId: string): string {
  return `undo:${userId}`
}
