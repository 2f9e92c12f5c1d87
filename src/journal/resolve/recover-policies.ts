import type { Logger } from 'pino'
import type { Clock } from '../../base/clock.ts'
import { createDeadline } from '../../base/deadline.ts'
import { type CallContext, ownCallContext } from '../../mfa/call-context.ts'
import { type Result, succeed } from '../../mfa/failure.ts'
import { toPoolPolicy } from '../../mfa/pool-policy.ts'
import type { WithUserLock } from '../../mfa/user-lock.ts'
import { POOL_LOCK } from '../../policy/policy-locks.ts'
import type { PolicyUpstream } from '../../policy/policy-upstream.ts'
import type { Journal } from '../journal.ts'
import type { Recovery } from './recover.ts'
import type { OpenPolicyIntent } from './unresolved.ts'
import { untilOver } from './until-over.ts'

export interface PolicyRecoveryOptions {
  readonly journal: Pick<Journal, 'openPolicyIntents' | 'resolvePolicy'>
  readonly upstreamFor: (operation: CallContext) => Pick<PolicyUpstream, 'readPoolFactors'>
  readonly withUserLock: WithUserLock
  /** The time after the last moment of the dead process in which its write may still be in flight. */
  readonly concludeAfterMs: number
  /** `true` if no other process changes the pool while this one is down. */
  readonly isAlone: boolean
  readonly clock: Clock
  readonly log: Logger
}

const READ_DEADLINE_MS = 10_000
/** The longest wait for a lock that another replica holds. */
const LOCK_WAIT_MS = 30_000

/**
 * Concludes the changes of policies that a crash left open. A change of the pool may have had one of two writes sent, at
 * any time before the crash. So this waits from the start of this process, and reads the pool once. Until then it holds
 * the pool's lock, which is requested in the call itself.
 *
 * - `APPLIED`: exactly the wanted factors are on, and no other process can have switched them.
 * - `UNKNOWN`: anything else, and every change of an application, because GenAuth does not show its factors.
 *
 * Nothing follows them up.
 */
export function startPolicyRecovery(options: PolicyRecoveryOptions): Recovery {
  const { journal, upstreamFor, withUserLock, concludeAfterMs, isAlone, clock, log } = options
  const { openPolicyIntents } = journal
  let close = () => {}
  let isClosed = false
  const closed = new Promise<void>(resolve => {
    close = resolve
  })

  async function resolveIntent({ id }: OpenPolicyIntent, outcome: 'APPLIED' | 'UNKNOWN'): Promise<void> {
    if (isClosed) return
    try {
      await journal.resolvePolicy({ id }, outcome)
      log.warn({ intent: id, outcome }, 'concluded a change of a policy that an earlier process left open')
    } catch {
      // The log already says why.
      log.error({ intent: id }, 'an outcome cannot be recorded: the next start looks again')
    }
  }

  async function concludePool(intents: readonly OpenPolicyIntent[]): Promise<Result<void>> {
    await untilOver(concludeAfterMs, closed, clock)
    if (isClosed) return succeed(undefined)
    const read = await upstreamFor(ownCallContext(createDeadline(READ_DEADLINE_MS, clock))).readPoolFactors()
    const revision = read.ok ? toPoolPolicy(read.value).revision : null
    for (const intent of intents) {
      // Two changes to the same state cannot be told apart.
      const isOnly = intents.filter(one => one.revisionIntended === intent.revisionIntended).length === 1
      const isApplied = isAlone && isOnly && intent.revisionIntended === revision
      await resolveIntent(intent, isApplied ? 'APPLIED' : 'UNKNOWN')
    }
    return succeed(undefined)
  }

  async function recoverPool(intents: readonly OpenPolicyIntent[]): Promise<void> {
    if (intents.length === 0) return
    const deadline = createDeadline(concludeAfterMs + LOCK_WAIT_MS, clock)
    const concluded = await withUserLock(POOL_LOCK, deadline, () => concludePool(intents))
    // Somebody else has changed the pool all the time, so a read proves nothing any more.
    if (!concluded.ok) for (const intent of intents) await resolveIntent(intent, 'UNKNOWN')
  }

  async function recoverApplications(intents: readonly OpenPolicyIntent[]): Promise<void> {
    for (const intent of intents) await resolveIntent(intent, 'UNKNOWN')
  }

  const noteFault = (error: unknown) => log.error({ err: error }, 'unexpected error')
  const ended = Promise.all([
    recoverPool(openPolicyIntents.filter(({ applicationId }) => applicationId === null)).catch(noteFault),
    recoverApplications(openPolicyIntents.filter(({ applicationId }) => applicationId !== null)).catch(
      noteFault,
    ),
  ]).then(() => {})
  return {
    ended,
    close() {
      isClosed = true
      close()
    },
  }
}
