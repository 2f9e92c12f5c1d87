import type { AppEvents } from '../app-events.ts'
import type { Events } from '../base/events.ts'
import type { Metrics } from './metrics.ts'

export function measureHistory(metrics: Metrics, events: Events<AppEvents>): void {
  const skipped = metrics.counter(
    'history_rows_skipped_total',
    "Rows of GenAuth's log that could not be read, and so are missing in histories.",
  )
  events.on('historyRowsSkipped', ({ rows }) => skipped.inc(rows))
}
