import { createHash } from 'node:crypto'
import type { SandboxIdentity, SandboxUser } from './user.ts'

export interface UserDetails {
  withCustomData?: boolean | undefined
  flatCustomData?: boolean | undefined
  withIdentities?: boolean | undefined
  withDepartmentIds?: boolean | undefined
  withPost?: boolean | undefined
}

/**
 * Returns a user as the API shows it, always under its own ID, whatever identifier was given.
 *
 * Readings: optional texts that are not set are null. Flat custom data stands in the user itself. A sync relation
 * appears as an identity whose provider is the sync source's word.
 */
export function toUserDto(user: SandboxUser, details: UserDetails): Record<string, unknown> {
  return {
    ...(details.withCustomData && details.flatCustomData ? user.customData : {}),
    userId: user.userId,
    createdAt: user.createdAt,
    signedUp: user.createdAt,
    updatedAt: user.updatedAt,
    status: user.status,
    lastLogin: user.lastLogin,
    lastMfaTime: user.lastMfaTime,
    workStatus: 'Active',
    gender: user.gender,
    emailVerified: user.email !== null,
    phoneVerified: user.phone !== null,
    userSourceType: user.syncRelations.length > 0 ? 'sync' : 'adminCreated',
    externalId: user.externalId,
    email: user.email,
    phone: user.phone,
    phoneCountryCode: user.phoneCountryCode,
    username: user.username,
    name: user.name,
    nickname: user.nickname,
    photo: null,
    ...(details.withCustomData && !details.flatCustomData ? { customData: user.customData } : {}),
    ...(details.withIdentities
      ? { identities: [...user.identities, ...user.syncRelations].map(toIdentityDto) }
      : {}),
    ...(details.withDepartmentIds ? toDepartmentIds(user) : {}),
    ...(details.withPost ? { postIdList: [] } : {}),
  }
}

/** Reading: the main department comes with the others, and is the first of them. */
function toDepartmentIds({ departmentIds }: SandboxUser): Record<string, unknown> {
  return { departmentIds, mainDepartmentId: departmentIds[0] ?? null }
}

function toIdentityDto(identity: SandboxIdentity) {
  const { extIdpId, provider, userIdInIdp } = identity
  return {
    identityId: createHash('sha1').update(`${extIdpId}:${userIdInIdp}`).digest('hex').slice(0, 24),
    extIdpId,
    provider,
    type: 'openid',
    userIdInIdp,
    userInfoInIdp: {},
    originConnIds: [extIdpId],
  }
}
