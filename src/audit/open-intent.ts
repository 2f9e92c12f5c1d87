import type { UserRef } from '../mfa/user-ref.ts'
import type { AuditKeyring } from './audit-key.ts'
import { openIdentifier } from './identifier.ts'
import type { IntentRecord } from './records.ts'

/** An intent that an earlier process left without an outcome. */
export interface OpenIntent {
  readonly id: string
  /** The user as GenAuth is to be asked for it. */
  readonly user: UserRef
  /** Null: not known. */
  readonly revisionBefore: string | null
  readonly revisionIntended: string
}

const GENAUTH_ID = /^[0-9a-f]{24}$/i

/**
 * The id of a user as it may stand in the journal: GenAuth's own, as GenAuth told it or as it looks. Whatever else
 * a caller names "GenAuth's id" may be a phone number; null then, and recovery opens the seal.
 */
export function toRecordableGenAuthId(given: UserRef, genauthId: string): string | null {
  return given.userIdType !== 'USER_ID' || GENAUTH_ID.test(genauthId) ? genauthId : null
}

/** GenAuth's id where it is on record: a phone number may be somebody else's by now. */
export function toOpenIntent(ring: AuditKeyring, record: IntentRecord): OpenIntent {
  const { id, user, sealedId, revisionBefore, revisionIntended } = record
  return {
    id,
    user:
      user.genauthId === null
        ? openSeal(ring, sealedId, id)
        : { userId: user.genauthId, userIdType: 'USER_ID' },
    revisionBefore,
    revisionIntended,
  }
}

/** The key that sealed it: an intent that waited while the key changed is on record behind the change. */
function openSeal([keys, ...others]: AuditKeyring, sealedId: string, intentId: string): UserRef {
  try {
    return openIdentifier(keys.seal, sealedId, intentId)
  } catch (error) {
    const [next, ...rest] = others
    if (next === undefined) throw error
    return openSeal([next, ...rest], sealedId, intentId)
  }
}
