import type { AppEvents } from '../app-events.ts'
import type { Clock } from '../base/clock.ts'
import type { Events } from '../base/events.ts'
import { FOLLOW_UP_FINDINGS } from '../history/change.ts'
import type { AnyIntent } from '../journal/journal-events.ts'
import type { Metrics } from './metrics.ts'

/** A disk takes one to ten milliseconds for a sync. A stream takes less. */
const BUCKETS_S = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1]

export function measureJournal(metrics: Metrics, events: Events<AppEvents>, clock: Clock): void {
  const durations = metrics.histogram(
    'journal_commit_duration_seconds',
    'Time until the intent of a write was durable.',
    BUCKETS_S,
  )
  const failures = metrics.counter(
    'journal_failures_total',
    'Changes refused because their intent could not be recorded.',
  )
  const writes = metrics.counterOf(
    'writes_total',
    'Writes on record that have ended, by outcome.',
    'outcome',
    ['APPLIED', 'NOT_APPLIED', 'UNKNOWN'],
  )
  const followUps = metrics.counterOf(
    'write_follow_ups_total',
    'Follow-ups of writes whose outcome stayed UNKNOWN, by finding.',
    'found',
    FOLLOW_UP_FINDINGS,
  )
  /** The time at which each open intent became durable, the oldest first. */
  const open = new Map<AnyIntent, number>()
  metrics.gauge('journal_open_intents', 'Writes on record whose outcome is not on record.', () => open.size)
  metrics.gauge(
    'journal_oldest_open_intent_seconds',
    'Age of the oldest open intent; 0 if there is none.',
    () => {
      const [oldestMs] = open.values()
      return oldestMs === undefined ? 0 : (clock.monotonic() - oldestMs) / 1_000
    },
  )
  let committedAtS = 0
  metrics.gauge(
    'journal_last_commit_timestamp_seconds',
    'Time at which the last record became durable, since 1970; 0 if none has.',
    () => committedAtS,
  )
  const noteCommit = () => {
    committedAtS = clock.now() / 1_000
  }

  events.on('journalNotOpen', () => failures.inc())
  events.on('journalIntent', ({ intent, seconds, isDurable }) => {
    if (!isDurable) return failures.inc()
    open.set(intent, clock.monotonic())
    durations.observe(seconds)
    noteCommit()
  })
  events.on('journalOutcome', ({ intent, outcome }) => {
    noteCommit()
    if (open.delete(intent)) writes.inc({ outcome })
  })
  events.on('journalProbe', noteCommit)
  events.on('followUp', ({ found }) => followUps.inc({ found }))
}
