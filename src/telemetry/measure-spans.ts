import type { AppEvents } from '../app-events.ts'
import type { Events } from '../base/events.ts'
import type { Metrics } from './metrics.ts'

export function measureSpans(metrics: Metrics, events: Events<AppEvents>): void {
  const spans = metrics.counterOf('spans_total', 'Spans: taken by the collector, or lost.', 'outcome', [
    'exported',
    'lost',
  ])
  events.on('spans', ({ outcome, count }) => spans.inc({ outcome }, count))
}
