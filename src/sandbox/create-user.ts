import { FIRST_APPLICATION_ID } from './applications.ts'
import type { SandboxUser } from './user.ts'
import { toUserId } from './user-id.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** Hours from the making of a user to the last sign-in, and to the last second factor, some sign-ins earlier. */
const LAST_SIGN_IN_HOURS = 700
const LAST_MFA_HOURS = 500
const FIRST_CREATED_MS = Date.UTC(2024, 0, 1, 8)

/** Creates the seed at a place. Anything else about it follows from the place. */
export function createUser(
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
