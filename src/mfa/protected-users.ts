import type { Clock } from '../base/clock.ts'
import type { Deadline } from '../base/deadline.ts'
import { type PlannedChange, type Protection, touchesProtection } from './check-guard-rails.ts'
import { fail, isRetryable, notSent, type Result, succeed } from './failure.ts'
import { createProtectedGroup, type GroupRead, type GroupUpstreamFor } from './protected-group.ts'
import { foldGenAuthId } from './user-ref.ts'

/** The users that a deployment protects from every change that takes protection away. */
export interface ProtectedUsers {
  /** Returns `false` if the user is not protected, as far as is known without a request. */
  mayProtect(genauthId: string): boolean
  /** If it cannot be found out by the deadline, the failure says that nothing was changed. */
  isProtected(genauthId: string, deadline: Deadline): Promise<Result<boolean>>
  /** Reads the members of the group, if there is one, so that a fault in its code shows before the first change. */
  prepare(): void
  /** Replaces the users who are protected by their ids. */
  useIds(userIds: readonly string[]): void
}

/** The users that a deployment protects. */
export interface ProtectionSettings {
  /** GenAuth's own ids, in any spelling. */
  readonly userIds: readonly string[]
  /** The code of a group whose members are protected. `null` for none. */
  readonly groupCode: string | null
}

export interface ProtectedUsersOptions extends ProtectionSettings {
  readonly upstreamFor: GroupUpstreamFor
  readonly clock: Clock
  /** Called after each request for the members of the group. */
  readonly onGroupRead: (read: GroupRead) => void
}

export function createProtectedUsers(options: ProtectedUsersOptions): ProtectedUsers {
  const { groupCode } = options
  const group = groupCode === null ? null : createProtectedGroup({ ...options, code: groupCode })
  let ids = toSet(options.userIds)
  return {
    mayProtect: genauthId => group !== null || ids.has(genauthId),
    async isProtected(genauthId, deadline) {
      const isListed = ids.has(genauthId)
      if (group === null || isListed) return succeed(isListed)
      const read = await group.read(deadline)
      return read.kind === 'READ' ? succeed(read.userIds.has(genauthId)) : fail(toUnknown(read))
    },
    prepare: () => group?.prepare(),
    useIds(userIds) {
      ids = toSet(userIds)
    },
  }
}

/** The protected users of a deployment that has none. */
export const NO_PROTECTED_USERS: ProtectedUsers = {
  mayProtect: () => false,
  isProtected: async () => succeed(false),
  prepare() {},
  useIds() {},
}

/** Returns `true` if it matters to a planned change whether its user is protected. */
export function asksForProtection(
  protectedUsers: ProtectedUsers,
  planned: Omit<PlannedChange, 'protection'>,
): boolean {
  return protectedUsers.mayProtect(planned.genauthId) && touchesProtection(planned)
}

/** Finds out whether a user is protected. It may ask GenAuth for the members of the group. */
export async function findProtection(
  protectedUsers: ProtectedUsers,
  genauthId: string,
  deadline: Deadline,
): Promise<Result<Protection>> {
  const found = await protectedUsers.isProtected(genauthId, deadline)
  return found.ok ? succeed(found.value ? 'PROTECTED' : 'NOT_PROTECTED') : found
}

function toSet(userIds: readonly string[]): ReadonlySet<string> {
  return new Set(userIds.map(foldGenAuthId))
}

/** Returns the failure of a change that was not made, because nobody knows whether its user is protected. */
function toUnknown(read: Exclude<GroupRead, { kind: 'READ' }> | { readonly kind: 'LATE' }) {
  const failure = { ...notSent(), reason: 'PROTECTION_UNKNOWN', outcome: 'NOT_APPLIED' } as const
  switch (read.kind) {
    case 'FAILED':
      return {
        ...failure,
        upstream: read.failure.upstream,
        retryable: isRetryable(read.failure),
        cause: read.failure,
      }
    case 'TOO_LARGE':
      return { ...failure, retryable: false }
    case 'INCOMPLETE':
    case 'LATE':
      return failure
  }
}
