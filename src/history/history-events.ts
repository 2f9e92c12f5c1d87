export interface HistoryEvents {
  /** Rows of GenAuth's log could not be read, and are missing in a history. */
  historyRowsSkipped: { readonly rows: number }
}
