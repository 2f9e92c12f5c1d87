import type { WriteConclusion, WriteIntent } from '../mfa/journal-port.ts'
import type { PolicyIntent } from '../policy/policy-journal.ts'
import type { LiveChange } from './live-change.ts'

/**
 * Returns the change that the end of a write stands for. It is `null` if nothing was changed. A write in doubt counts,
 * because it may have been made.
 *
 * @param atMs when the outcome was known
 */
export function toLiveChange(
  intent: WriteIntent | PolicyIntent,
  outcome: WriteConclusion['outcome'],
  atMs: number,
): LiveChange | null {
  if (outcome === 'NOT_APPLIED') return null
  if ('genauthId' in intent) {
    const revision = outcome === 'APPLIED' ? intent.revisionIntended : null
    return { hint: 'SET_BY_THIS_SERVICE', genauthId: intent.genauthId, atMs, revision, applicationId: null }
  }
  const { applicationId } = intent
  const hint = applicationId === null ? 'POOL_POLICY' : 'APPLICATION_POLICY'
  return { hint, genauthId: null, atMs, revision: null, applicationId }
}
