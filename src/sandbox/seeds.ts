import { createMfa, factor } from './create-mfa.ts'
import { createUser } from './create-user.ts'
import { toDepartmentId } from './departments.ts'
import { createGeneratedSeed } from './generated-seed.ts'
import type { SandboxUser } from './user.ts'
import { SEEDED_USER_COUNT } from './user-count.ts'

const IDENTITY_SOURCE_ID = '62f20932716fbcc10d966ee5'
const SYNC_SOURCE_ID = '62f20932716fbcc10d966f01'

/** Creates the same users as fresh objects at every call. The first eight are made by hand, each for one odd case. */
export function createSeeds(): SandboxUser[] {
  const odd = createOddUsers()
  const rest = Array.from({ length: SEEDED_USER_COUNT - odd.length }, (_, index) =>
    createGeneratedSeed(odd.length + index + 1),
  )
  return [...odd, ...rest]
}

function createOddUsers(): SandboxUser[] {
  return [
    createUser(1, 'ada', 'Ada Lovelace', {
      gender: 'F',
      nickname: 'Ada',
      phone: '13800000001',
      phoneCountryCode: '+86',
      externalId: 'emp-0001',
      identities: [{ extIdpId: IDENTITY_SOURCE_ID, provider: 'lark', userIdInIdp: 'ou_ada' }],
      syncRelations: [{ extIdpId: SYNC_SOURCE_ID, provider: 'lark', userIdInIdp: 'ou_ada' }],
      customData: { badge: 'B-0001' },
      departmentIds: [toDepartmentId(0x01)],
      mfa: createMfa([factor('SMS', 1, 0), factor('OTP', 1, 1), factor('EMAIL', 0, 2)], {
        mfaPhone: '13800000001',
        mfaPhoneCountryCode: '+86',
        totpMfaEnabled: true,
      }),
    }),
    createUser(2, 'grace', 'Grace Hopper', {
      gender: 'F',
      departmentIds: [toDepartmentId(0x03)],
      mfa: createMfa([factor('EMAIL', 1, 0), factor('FACE', 1, 1)], {}),
    }),
    createUser(3, 'alan', 'Alan Turing', { gender: 'M' }),
    createUser(4, 'katherine', 'Katherine Johnson', {
      gender: 'F',
      departmentIds: [toDepartmentId(0x04), toDepartmentId(0x01)],
      phone: '2025550104',
      phoneCountryCode: '+1',
      mfa: createMfa([factor('SMS', 1, 0)], { mfaPhone: '2025550104', mfaPhoneCountryCode: '+1' }),
    }),
    createUser(5, 'barbara', 'Barbara Liskov', {
      departmentIds: [toDepartmentId(0x05)],
      phone: '13800000005',
      phoneCountryCode: '+86',
      mfa: createMfa([factor('SMS', 1, 0), factor('PASSKEY', 1, 1), factor('OTP', 1, 2)], {
        mfaPhone: '13800000005',
        mfaPhoneCountryCode: '+86',
      }),
    }),
    createUser(6, 'charles', 'Charles Babbage', {
      status: 'Suspended',
      gender: 'M',
      departmentIds: [toDepartmentId(0x06)],
      mfa: createMfa([factor('OTP', 1, 0)], { totpMfaEnabled: true }),
    }),
    createUser(7, '李雷', '李雷', {
      nickname: '雷雷',
      email: 'lilei@example.org',
      phone: '13800000007',
      phoneCountryCode: '+86',
      externalId: '工号:0007',
      // Some IDs hold a colon themselves.
      identities: [{ extIdpId: IDENTITY_SOURCE_ID, provider: 'lark', userIdInIdp: 'ou:李雷:7' }],
      syncRelations: [{ extIdpId: SYNC_SOURCE_ID, provider: 'ldap', userIdInIdp: 'uid=lilei,dc=example:7' }],
      customData: { badge: 'B:0007' },
      departmentIds: [toDepartmentId(0x08)],
      mfa: createMfa([factor('EMAIL', 1, 0)], { mfaEmail: 'lilei@example.org' }),
    }),
    // The same national number as user 4, in another country.
    createUser(8, 'tim', 'Tim Berners-Lee', {
      gender: 'M',
      phone: '2025550104',
      phoneCountryCode: '+44',
      departmentIds: [toDepartmentId(0x12)],
    }),
  ]
}
