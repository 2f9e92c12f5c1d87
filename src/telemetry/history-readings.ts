import type { Metrics } from './metrics.ts'

/** The index of the history, as far as it is measured. */
export interface MeasuredHistory {
  readonly changes: { isBehind(): boolean }
  waitingForMs(): number
}

/** Adds gauges of how far the history is behind the journal. */
export function addHistoryReadings(metrics: Metrics, { changes, waitingForMs }: MeasuredHistory): void {
  metrics.gauge('history_behind', '1 while changes on record may be missing in the history.', () =>
    Number(changes.isBehind()),
  )
  metrics.gauge(
    'history_oldest_waiting_seconds',
    'How long the oldest change on record waits for its place in the history; 0 if none does.',
    () => waitingForMs() / 1_000,
  )
}
