import type { UserRef } from '../../mfa/user-ref.ts'
import type { AuditKeyring } from '../audit-key.ts'
import { openIdentifier } from '../identifier.ts'
import type { UnresolvedRecord } from './unresolved.ts'

/** An intent that the journal has not resolved yet, with the facts that are needed to resolve it. */
export interface UnresolvedIntent {
  readonly id: string
  /** When it was recorded, in milliseconds since 1970. */
  readonly intendedAtMs: number
  /** When its outcome `UNKNOWN` was recorded, in milliseconds since 1970. `null` if it has no outcome. */
  readonly unknownSinceMs: number | null
  /** `true` if another write may have made the state that this one was to make. */
  readonly isContested: boolean
  /** The user, in the form in which GenAuth is asked. `null` if no given key opens the seal of its identifier. */
  readonly user: UserRef | null
  /** `null` if it is not known. */
  readonly revisionBefore: string | null
  readonly revisionIntended: string
}

/** Prefers GenAuth's ID if it is on record, because a phone number may belong to somebody else by now. */
export function toUnresolvedIntent(ring: AuditKeyring, unresolved: UnresolvedRecord): UnresolvedIntent {
  const { intent, unknownSince, isContested } = unresolved
  const { id, time, user, sealedId, revisionBefore, revisionIntended } = intent
  return {
    id,
    intendedAtMs: Date.parse(time),
    unknownSinceMs: unknownSince === null ? null : Date.parse(unknownSince),
    isContested,
    user:
      user.genauthId === null
        ? openSeal(ring, sealedId, id)
        : { userId: user.genauthId, userIdType: 'USER_ID' },
    revisionBefore,
    revisionIntended,
  }
}

/**
 * Finds the key that sealed the identifier. If an intent waited while the key changed, it is on record after the
 * change.
 */
function openSeal(ring: AuditKeyring, sealedId: string, intentId: string): UserRef | null {
  for (const keys of ring) {
    try {
      return openIdentifier(keys.seal, sealedId, intentId)
    } catch {
      // Another key may open it. If none does, the key was withdrawn, which must not keep a server from
      // starting.
    }
  }
  return null
}
