import type { Logger } from 'pino'
import { createDeadline } from '../mfa/deadline.ts'
import type { SetConclusion } from '../mfa/journal.ts'
import { type Operation, ownOperation } from '../mfa/operation.ts'
import type { IsRevisionOf } from '../mfa/revision.ts'
import type { MfaUpstream } from '../mfa/upstream.ts'
import type { Journal } from './chained-journal.ts'
import type { UnresolvedIntent } from './open-intent.ts'

export interface RecoverOptions {
  readonly journal: Pick<Journal, 'openIntents' | 'settle'>
  readonly upstreamFor: (operation: Operation) => Pick<MfaUpstream, 'readMfa'>
  readonly isRevisionOf: IsRevisionOf
  readonly sleep: (ms: number) => Promise<void>
  readonly log: Logger
}

type Outcome = SetConclusion['outcome']

/** What one look at a user proves about an intent. */
type Finding = 'INTENDED' | 'BEFORE' | 'NEITHER'

/** A write that was on its way when the process died has arrived by then, or never will. */
const SECOND_LOOK_AFTER_MS = 2_000
/** Together at once, so that a GenAuth that does not answer costs a few time-outs, not one for each intent. */
const MAX_LOOKS_AT_ONCE = 16
const LOOK_DEADLINE_MS = 10_000

/**
 * Settles what a crash left open, by looking at what GenAuth holds now. To be awaited before anything is served:
 * a set of this process would make a state that says nothing about the set before.
 *
 * - The intended state: APPLIED.
 * - The state before: NOT_APPLIED, if a second look says the same. The process that could send the write is dead
 *   and its connections are closed, the time for one call was bounded while it lived, and a request that had left
 *   has been carried out by the second look. What this cannot tell apart is a write that somebody else undid
 *   meanwhile: the state before is in force then, too.
 * - Anything else, or nothing: UNKNOWN. So is a state before that was not known, and a write of nothing but texts
 *   for display, for which both revisions are the same. A key that is not given any more leaves its revisions unknown.
 *
 * Each outcome is durable by itself, so that a crash in here leaves the rest to the next start.
 *
 * @throws JournalUnavailableError when an outcome cannot be recorded
 */
export async function recoverIntents({
  journal,
  upstreamFor,
  isRevisionOf,
  sleep,
  log,
}: RecoverOptions): Promise<void> {
  const counts: Record<Outcome, number> = { APPLIED: 0, NOT_APPLIED: 0, UNKNOWN: 0 }

  async function settle(intent: UnresolvedIntent, outcome: Outcome): Promise<void> {
    await journal.settle(intent, outcome)
    counts[outcome]++
  }

  async function look({ user, revisionBefore, revisionIntended }: UnresolvedIntent): Promise<Finding> {
    const read = await upstreamFor(ownOperation(createDeadline(LOOK_DEADLINE_MS))).readMfa(user)
    if (!read.ok || revisionBefore === revisionIntended) return 'NEITHER'
    const { state } = read.value
    if (isRevisionOf(revisionIntended, state)) return 'INTENDED'
    return revisionBefore !== null && isRevisionOf(revisionBefore, state) ? 'BEFORE' : 'NEITHER'
  }

  const unchanged: UnresolvedIntent[] = []
  await inGroups(journal.openIntents, async intent => {
    const finding = await look(intent)
    if (finding === 'BEFORE') unchanged.push(intent)
    else await settle(intent, finding === 'INTENDED' ? 'APPLIED' : 'UNKNOWN')
  })
  if (unchanged.length > 0) await sleep(SECOND_LOOK_AFTER_MS)
  await inGroups(unchanged, async intent => {
    const finding = await look(intent)
    await settle(intent, OUTCOMES[finding])
  })
  if (journal.openIntents.length > 0)
    log.warn(counts, 'settled what an earlier process left open in the audit journal')
}

const OUTCOMES = { INTENDED: 'APPLIED', BEFORE: 'NOT_APPLIED', NEITHER: 'UNKNOWN' } as const

async function inGroups<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += MAX_LOOKS_AT_ONCE) {
    await Promise.all(items.slice(start, start + MAX_LOOKS_AT_ONCE).map(work))
  }
}
