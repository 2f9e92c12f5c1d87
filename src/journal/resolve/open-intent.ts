import { looksLikeGenAuthId, type UserRef } from '../../mfa/user-ref.ts'
import type { AuditKeyring } from '../audit-key.ts'
import { openIdentifier } from '../identifier.ts'
import type { UnresolvedRecord } from './unresolved.ts'

/** An intent of which the journal does not say yet what became of it, as whoever finds that out needs it. */
export interface UnresolvedIntent {
  readonly id: string
  /** When it was recorded, in milliseconds since 1970. */
  readonly intendedAtMs: number
  /** When its outcome `UNKNOWN` was recorded, in milliseconds since 1970. `null` if it has no outcome. */
  readonly unknownSinceMs: number | null
  /** Another write may have made the state that this one was to make. */
  readonly isContested: boolean
  /** The user as GenAuth is to be asked for it. `null` if no key that is given opens the seal of its identifier. */
  readonly user: UserRef | null
  /** Null: not known. */
  readonly revisionBefore: string | null
  readonly revisionIntended: string
}

/**
 * The id of a user as it may stand in the journal: GenAuth's own, as GenAuth told it or as it looks. Whatever else
 * a caller names "GenAuth's id" may be a phone number; null then, and recovery opens the seal.
 */
export function toRecordableGenAuthId(given: UserRef, genauthId: string): string | null {
  return given.userIdType !== 'USER_ID' || looksLikeGenAuthId(genauthId) ? genauthId : null
}

/** GenAuth's id where it is on record: a phone number may be somebody else's by now. */
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

/** The key that sealed it: an intent that waited while the key changed is on record behind the change. */
function openSeal(ring: AuditKeyring, sealedId: string, intentId: string): UserRef | null {
  for (const keys of ring) {
    try {
      return openIdentifier(keys.seal, sealedId, intentId)
    } catch {
      // Another key may open it. Where none does, the key has been withdrawn: that must not keep a server from starting.
    }
  }
  return null
}
