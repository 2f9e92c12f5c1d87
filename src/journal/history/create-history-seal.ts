import type { HistorySeal } from '../../history/history-seal.ts'
import { looksLikeGenAuthId } from '../../mfa/user-ref.ts'
import type { AuditKeyring, AuditKeys } from '../audit-key.ts'
import { hashIdentifier, openIdentifier } from '../identifier.ts'
import { openText } from '../seal-text.ts'

/** Opens the index with a ring of keys. Every key of the ring opens what was sealed under it. */
export function createHistorySeal(ring: () => AuditKeyring): HistorySeal {
  return {
    openReason({ id, sealedReason }) {
      if (sealedReason === null) return { kind: 'NONE' }
      const text = openByAny(ring(), ({ reason }) => openText(reason, sealedReason, id))
      return text === null ? { kind: 'UNREADABLE' } : { kind: 'GIVEN', text }
    },
    openUserId(user, changeId) {
      if (user.kind === 'ID') return user.userId
      return openByAny(ring(), ({ seal }) => openIdentifier(seal, user.sealedId, changeId).userId)
    },
    toUserKeys: userId => ({
      userId,
      // Only an ID that may be any text is on record as a hash.
      idHashes: looksLikeGenAuthId(userId)
        ? []
        : ring().map(({ idHash }) => hashIdentifier(idHash, { userId, userIdType: 'USER_ID' })),
    }),
  }
}

/** @returns `null` if no key opens it */
function openByAny(ring: AuditKeyring, open: (keys: AuditKeys) => string): string | null {
  for (const keys of ring) {
    try {
      return open(keys)
    } catch {
      // Another key may open it. If none does, the key was withdrawn.
    }
  }
  return null
}
