import type { MfaJournal } from '../mfa/journal-port.ts'
import type { Metrics } from './metrics.ts'
import type { Tracing } from './tracing.ts'

/** Counts, times and traces the two records of each write; how many have only the first one, and since when. */
export function observeJournal(
  journal: MfaJournal,
  metrics: Metrics | null,
  tracing: Tracing | null,
): MfaJournal {
  /** When each became durable, the oldest first. */
  const open = new Map<symbol, number>()
  metrics?.gauge('journal_open_intents', 'Writes on record whose outcome is not.', () => open.size)
  metrics?.gauge('journal_oldest_open_intent_seconds', 'Age of the oldest of them; 0: there is none.', () => {
    const [oldestMs] = open.values()
    return oldestMs === undefined ? 0 : (performance.now() - oldestMs) / 1_000
  })
  let committedAtS = 0
  metrics?.gauge(
    'journal_last_commit_timestamp_seconds',
    'When the last record of a set became durable, since 1970; 0: none has.',
    () => committedAtS,
  )

  return {
    refuseUnlessOpen() {
      try {
        journal.refuseUnlessOpen()
      } catch (error) {
        metrics?.journalFailures.inc()
        throw error
      }
    },
    isContested: intent => journal.isContested(intent),
    async recordProbe(probe) {
      await journal.recordProbe(probe)
      committedAtS = Date.now() / 1_000
    },
    async begin(intent) {
      const { trace } = intent.request
      const startedAtMs = performance.now()
      const span = tracing?.begin('journal intent', 'INTERNAL', trace)
      try {
        const conclude = await journal.begin(intent)
        const id = Symbol()
        open.set(id, performance.now())
        committedAtS = Date.now() / 1_000
        metrics?.journalSeconds.observe((performance.now() - startedAtMs) / 1_000)
        span?.end({}, false)
        return async (conclusion, deadline) => {
          const { outcome } = conclusion
          const span = tracing?.begin('journal outcome', 'INTERNAL', trace)
          await conclude(conclusion, deadline)
          committedAtS = Date.now() / 1_000
          span?.end({ 'write.outcome': outcome }, false)
          if (open.delete(id)) metrics?.writes.inc({ outcome })
        }
      } catch (error) {
        metrics?.journalFailures.inc()
        span?.end({}, true)
        throw error
      }
    },
  }
}
