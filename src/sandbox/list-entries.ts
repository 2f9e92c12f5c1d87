import { toUserId } from './user-id.ts'

/** One entry of the lists of users that GenAuth treats better or worse than others. */
export interface SandboxListEntry {
  id: string
  userId: string
  /** `WHITE` is better. */
  userListType: 'BLACK' | 'WHITE'
  limit: 'FORBID_LOGIN' | 'SKIP_MFA'
}

/** Tim is not asked for a second factor. */
export const SEEDED_EXEMPT_USER_IDS: readonly string[] = [toUserId(8)]

/** Creates the entries of a new sandbox. Charles may not sign in. */
export function createListEntries(exemptUserIds: readonly string[]): SandboxListEntry[] {
  const exempt = exemptUserIds.map(userId => ({ userId, userListType: 'WHITE', limit: 'SKIP_MFA' }) as const)
  const forbidden = { userId: toUserId(6), userListType: 'BLACK', limit: 'FORBID_LOGIN' } as const
  return [...exempt, forbidden].map((entry, index) => ({
    ...entry,
    id: `65e${(index + 1).toString(16).padStart(21, '0')}`,
  }))
}
