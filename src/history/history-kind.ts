import type { HistoryEntry } from './history-entry.ts'
import type { UserEventKind } from './user-event.ts'

export type HistoryKind = UserEventKind | 'SET' | 'UNDO'

/** Returns what happened. */
export function toHistoryKind(entry: HistoryEntry): HistoryKind {
  if (entry.source === 'GENAUTH') return entry.event.kind
  return entry.change.revertOf === null ? 'SET' : 'UNDO'
}
