import type { IsRevisionOf } from '../../mfa/revision.ts'
import type { MfaUpstream } from '../../mfa/upstream.ts'
import type { FollowUpFinding } from '../records.ts'
import type { UnresolvedIntent } from './open-intent.ts'

/** What one look at a user can find about an intent. */
export type Finding = Exclude<FollowUpFinding, 'DROPPED'>

/**
 * Reads the user of an intent once and says which state is in force. The state before comes first: of a write that
 * changed nothing that a revision tells apart, no look proves that it was made.
 */
export async function look(
  upstream: Pick<MfaUpstream, 'readMfa'>,
  isRevisionOf: IsRevisionOf,
  { user, revisionBefore, revisionIntended }: UnresolvedIntent,
): Promise<Finding> {
  if (user === null) return 'UNREADABLE'
  const read = await upstream.readMfa(user)
  if (!read.ok) return 'UNREADABLE'
  const { state } = read.value
  if (revisionBefore !== null && isRevisionOf(revisionBefore, user.userId, state)) return 'BEFORE'
  return isRevisionOf(revisionIntended, user.userId, state) ? 'INTENDED' : 'OTHER'
}
