import { FurtherUser } from '../../src/sandbox/further-user.ts'
import { createSeeds } from '../../src/sandbox/seeds.ts'
import type { SandboxUser } from '../../src/sandbox/user.ts'

/** The users of a new sandbox that has so many, in the order of their places. */
export function listAllUsers(count: number): SandboxUser[] {
  const seeds = createSeeds()
  const further = Array.from({ length: count - seeds.length }, (_, index) =>
    copyUser(new FurtherUser(seeds.length + index + 1)),
  )
  return [...seeds, ...further]
}

/** All fields of a user as they are now. Users beyond the seeds make a field when it is read. */
export function copyUser(user: SandboxUser): SandboxUser {
  return {
    userId: user.userId,
    status: user.status,
    gender: user.gender,
    username: user.username,
    name: user.name,
    nickname: user.nickname,
    phone: user.phone,
    phoneCountryCode: user.phoneCountryCode,
    email: user.email,
    externalId: user.externalId,
    identities: user.identities,
    syncRelations: user.syncRelations,
    customData: user.customData,
    departmentIds: user.departmentIds,
    loggedInApps: user.loggedInApps,
    createdAt: user.createdAt,
    updatedAt: user.updatedAt,
    lastLogin: user.lastLogin,
    lastMfaTime: user.lastMfaTime,
    mfa: user.mfa,
  }
}
