import { FIRST_APPLICATION_ID } from './applications.ts'
import { createMfa, FACTOR_LISTS, factor } from './create-mfa.ts'
import { FAMILY_NAMES, GIVEN_NAMES } from './names.ts'
import { pick } from './pick.ts'
import type { SandboxUser } from './user.ts'
import { SEEDED_USER_COUNT } from './user-count.ts'
import { toUserId } from './user-id.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** Hours from the making of a user to the last sign-in, and to the last second factor, some sign-ins earlier. */
const LAST_SIGN_IN_HOURS = 700
const LAST_MFA_HOURS = 500
const FIRST_CREATED_MS = Date.UTC(2024, 0, 1, 8)
const IDENTITY_SOURCE_ID = '62f20932716fbcc10d966ee5'
const SYNC_SOURCE_ID = '62f20932716fbcc10d966f01'

/** Ranges that are kept free for fiction, in countries that have one. The last two digits are the user's place. */
const PHONE_RANGES = [
  { countryCode: '+86', start: '138000000' },
  { countryCode: '+86', start: '139000000' },
  { countryCode: '+1', start: '20255501' },
  { countryCode: '+44', start: '77009000' },
  { countryCode: '+33', start: '6399800' },
  { countryCode: '+49', start: '30231250' },
]

/** Creates the same users as fresh objects at every call. The first eight are made by hand, each for one odd case. */
export function createSeeds(): SandboxUser[] {
  const odd = createOddUsers()
  const rest = Array.from({ length: SEEDED_USER_COUNT - odd.length }, (_, index) =>
    createGeneratedUser(odd.length + index + 1),
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
      departmentIds: ['65d000000000000000000001'],
      mfa: createMfa([factor('SMS', 1, 0), factor('OTP', 1, 1), factor('EMAIL', 0, 2)], {
        mfaPhone: '13800000001',
        mfaPhoneCountryCode: '+86',
        totpMfaEnabled: true,
      }),
    }),
    createUser(2, 'grace', 'Grace Hopper', {
      gender: 'F',
      mfa: createMfa([factor('EMAIL', 1, 0), factor('FACE', 1, 1)], {}),
    }),
    createUser(3, 'alan', 'Alan Turing', { gender: 'M' }),
    createUser(4, 'katherine', 'Katherine Johnson', {
      gender: 'F',
      phone: '2025550104',
      phoneCountryCode: '+1',
      mfa: createMfa([factor('SMS', 1, 0)], { mfaPhone: '2025550104', mfaPhoneCountryCode: '+1' }),
    }),
    createUser(5, 'barbara', 'Barbara Liskov', {
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
      mfa: createMfa([factor('EMAIL', 1, 0)], { mfaEmail: 'lilei@example.org' }),
    }),
    // The same national number as user 4, in another country.
    createUser(8, 'tim', 'Tim Berners-Lee', { gender: 'M', phone: '2025550104', phoneCountryCode: '+44' }),
  ]
}

function createGeneratedUser(place: number): SandboxUser {
  const given = pick(GIVEN_NAMES, place)
  const family = pick(FAMILY_NAMES, Math.floor(place / GIVEN_NAMES.length))
  const username = `${given}.${family}`.toLowerCase()
  const hasEmail = place % 11 !== 0
  const range = place % 5 === 0 ? undefined : pick(PHONE_RANGES, place)
  const phone = range === undefined ? null : `${range.start}${String(place).padStart(2, '0')}`
  const isBound = place % 3 !== 0
  return createUser(place, username, `${given} ${family}`, {
    email: hasEmail ? `${username}@example.org` : null,
    phone,
    phoneCountryCode: range?.countryCode ?? null,
    externalId: place % 4 === 0 ? `emp-${String(place).padStart(4, '0')}` : null,
    customData: { badge: `B-${String(place).padStart(4, '0')}` },
    mfa: createMfa(pick(FACTOR_LISTS, place), {
      mfaPhone: isBound ? phone : null,
      mfaPhoneCountryCode: isBound ? (range?.countryCode ?? null) : null,
      mfaEmail: isBound && hasEmail ? `${username}@example.org` : null,
      totpMfaEnabled: isBound && place % 2 === 0,
      faceMfaEnabled: isBound && place % 7 === 0,
    }),
  })
}

function createUser(
  place: number,
  username: string,
  name: string,
  odd: Partial<Omit<SandboxUser, 'userId' | 'username' | 'name'>>,
): SandboxUser {
  const createdAt = toTime(place, 0)
  return {
    userId: toUserId(place),
    status: 'Activated',
    gender: 'U',
    username,
    name,
    nickname: null,
    phone: null,
    phoneCountryCode: null,
    email: `${username}@example.com`,
    externalId: null,
    identities: [],
    syncRelations: [],
    customData: {},
    departmentIds: [],
    loggedInApps: place % 4 === 0 ? [] : [FIRST_APPLICATION_ID],
    createdAt,
    updatedAt: createdAt,
    // Every fourth user has never signed in.
    lastLogin: place % 4 === 0 ? null : toTime(place, LAST_SIGN_IN_HOURS),
    lastMfaTime: odd.mfa === undefined || place % 4 === 0 ? null : toTime(place, LAST_MFA_HOURS),
    mfa: undefined,
    ...odd,
  }
}

/** Returns a time some hours after the user was made. */
function toTime(place: number, hours: number): string {
  return new Date(FIRST_CREATED_MS + place * DAY_MS + hours * HOUR_MS).toISOString()
}
