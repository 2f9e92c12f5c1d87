import type { DurableRecord } from '../journal/chain-writer.ts'
import type { LiveChange } from './live-change.ts'

/**
 * Returns the change that a record tells of if the request that made it is over: an outcome that a later process found,
 * or the end of a doubt. It is `null` for every other record, and if GenAuth's own id of the user is not on record.
 */
export function toLateChange({ draft, about }: DurableRecord, atMs: number): LiveChange | null {
  if (about === null) return null
  switch (draft.kind) {
    case 'outcome': {
      const isLate = draft.recovered && draft.outcome !== 'NOT_APPLIED'
      return isLate ? toUserChange(about, draft.outcome === 'APPLIED', atMs) : null
    }
    case 'followUp':
      return draft.found === 'INTENDED' ? toUserChange(about, true, atMs) : null
    case 'policyOutcome': {
      if (!draft.recovered || draft.outcome === 'NOT_APPLIED' || 'user' in about) return null
      const { applicationId } = about
      const hint = applicationId === null ? 'POOL_POLICY' : 'APPLICATION_POLICY'
      return { hint, genauthId: null, atMs, revision: null, applicationId }
    }
    default:
      return null
  }
}

function toUserChange(
  about: NonNullable<DurableRecord['about']>,
  isMade: boolean,
  atMs: number,
): LiveChange | null {
  if (!('user' in about) || about.user.genauthId === null) return null
  const revision = isMade ? about.revisionIntended : null
  const { genauthId } = about.user
  return { hint: 'SET_BY_THIS_SERVICE', genauthId, atMs, revision, applicationId: null }
}
