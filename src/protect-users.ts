import type { Logger } from 'pino'
import type { GroupRead } from './mfa/protected-group.ts'
import {
  createProtectedUsers,
  type ProtectedUsers,
  type ProtectedUsersOptions,
} from './mfa/protected-users.ts'

interface ProtectUsersOptions extends Omit<ProtectedUsersOptions, 'onGroupRead'> {
  readonly log: Logger
}

/**
 * Starts the protection of the protected users. The log says how many there are. It says once that the
 * members of the group cannot be read, and once that they can be read again.
 */
export function protectUsers({ log, ...options }: ProtectUsersOptions): ProtectedUsers {
  const { userIds, groupCode } = options
  if (userIds.length > 0)
    log.info({ count: userIds.length }, 'PROTECTED_USERS: nobody may weaken these users')
  let faultBefore: string | null = null
  let isFirst = true
  const protectedUsers = createProtectedUsers({
    ...options,
    onGroupRead(read) {
      const fault = toFault(read)
      if (isFirst || fault !== faultBefore) logGroup(log, read, fault)
      isFirst = false
      faultBefore = fault
    },
  })
  if (groupCode !== null) protectedUsers.prepare()
  return protectedUsers
}

function logGroup(log: Logger, read: GroupRead, fault: string | null): void {
  if (read.kind === 'READ') {
    log.info({ count: read.userIds.size }, 'PROTECTED_GROUP: nobody may weaken its members')
    return
  }
  log.error(
    { fault },
    'PROTECTED_GROUP: its members cannot be read, so changes that weaken or redirect any user are not made',
  )
}

/** Returns a word for what is wrong, or `null` if nothing is. */
function toFault(read: GroupRead): string | null {
  switch (read.kind) {
    case 'READ':
      return null
    case 'FAILED':
      return read.failure.kind === 'USER_NOT_FOUND' ? 'GROUP_NOT_FOUND' : read.failure.kind
    case 'TOO_LARGE':
    case 'INCOMPLETE':
      return read.kind
  }
}
