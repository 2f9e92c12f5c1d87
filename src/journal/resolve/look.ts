import type { FollowUpFinding } from '../../history/change.ts'
import type { IsRevisionOf } from '../../mfa/revision.ts'
import type { MfaUpstream } from '../../mfa/upstream.ts'
import type { UnresolvedIntent } from './open-intent.ts'

/** The finding of one look at a user about an intent. */
export type Finding = Exclude<FollowUpFinding, 'DROPPED'>

/**
 * Reads the user of an intent once and says which state is in force. The state before comes first. If a write changed
 * nothing that a revision shows, no look can prove that the write was made.
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
