import { FIRST_APPLICATION_ID, SECOND_APPLICATION_ID } from './applications.ts'
import { createMfa, FACTOR_LISTS } from './create-mfa.ts'
import { DEPARTMENTS } from './departments.ts'
import { FAMILY_NAMES, GIVEN_NAMES } from './names.ts'
import { toShare } from './share.ts'
import type { SandboxUser, StoredMfa } from './user.ts'
import { toUserId } from './user-id.ts'

const MINUTE_MS = 60_000
/** The day after the last of the seeds was made. */
const FIRST_CREATED_MS = Date.UTC(2024, 2, 6)
/** No sign-in is later. */
const LAST_SIGN_IN_MS = Date.UTC(2026, 10, 1)
/** As many users are made in the same minute, as an import does. Windows of time must not lose their ends. */
const USERS_PER_MINUTE = 4
const STATUSES_BY_SHARE = [
  { until: 0.92, status: 'Activated' },
  { until: 0.97, status: 'Suspended' },
  { until: 0.98, status: 'Resigned' },
  { until: 0.99, status: 'Archived' },
] as const

/**
 * Creates the user at a place beyond the seeds, the same one at every call, as a fresh object. Every identifier ends
 * with the place, so that a look-up finds the user without a search.
 */
export function createFurtherUser(place: number): SandboxUser {
  const given = pickByShare(GIVEN_NAMES, toShare(place, 'given'))
  const family = pickByShare(FAMILY_NAMES, toShare(place, 'family'))
  const username = `${given}.${family}.${place}`.toLowerCase()
  const email = toShare(place, 'email') < 0.9 ? `${username}@example.org` : null
  const phone = toPhone(place)
  const createdMs = FIRST_CREATED_MS + Math.floor(place / USERS_PER_MINUTE) * MINUTE_MS
  const createdAt = new Date(createdMs).toISOString()
  const lastLoginMs = toLastLoginMs(place, createdMs)
  const mfa = toMfa(place, phone, email)
  return {
    userId: toUserId(place),
    status: toStatus(place),
    gender: 'U',
    username,
    name: `${given} ${family}`,
    nickname: null,
    phone,
    phoneCountryCode: phone === null ? null : '+86',
    email,
    externalId: place % 4 === 0 ? `emp-${String(place).padStart(4, '0')}` : null,
    identities: [],
    syncRelations: [],
    customData: { badge: `B-${String(place).padStart(4, '0')}` },
    departmentIds: toDepartmentIds(place),
    loggedInApps: lastLoginMs === null ? [] : toApplications(place),
    createdAt,
    updatedAt: createdAt,
    lastLogin: lastLoginMs === null ? null : new Date(lastLoginMs).toISOString(),
    lastMfaTime: toLastMfaTime(place, mfa, createdMs, lastLoginMs),
    mfa,
  }
}

/** Numbers of China Mobile that look like the seeds' numbers: 138 and 139, then eight digits. */
function toPhone(place: number): string | null {
  const share = toShare(place, 'phone')
  if (share < 0.2) return null
  return `${share < 0.6 ? '138' : '139'}${String(place).padStart(8, '0')}`
}

function toStatus(place: number): SandboxUser['status'] {
  const share = toShare(place, 'status')
  return STATUSES_BY_SHARE.find(({ until }) => share < until)?.status ?? 'Deactivated'
}

/** One user of five has never signed in. The others' last sign-ins are spread evenly since they were made. */
function toLastLoginMs(place: number, createdMs: number): number | null {
  const share = toShare(place, 'signIn')
  if (share < 0.2) return null
  return createdMs + Math.floor(((share - 0.2) / 0.8) * (LAST_SIGN_IN_MS - createdMs))
}

/** One user of ten has nothing stored, and of the others four of ten have bound nothing. */
function toMfa(place: number, phone: string | null, email: string | null): StoredMfa | undefined {
  const share = toShare(place, 'binding')
  if (share < 0.1) return undefined
  const factors = pickByShare(FACTOR_LISTS, toShare(place, 'factors'))
  if (share < 0.46) return createMfa(factors, {})
  return createMfa(factors, {
    mfaPhone: phone,
    mfaPhoneCountryCode: phone === null ? null : '+86',
    mfaEmail: share < 0.7 ? email : null,
    totpMfaEnabled: share > 0.6,
    faceMfaEnabled: share > 0.95,
  })
}

/** Of twenty users one is in no department, and two are in two. Members of a top are in no department below it. */
function toDepartmentIds(place: number): string[] {
  const share = toShare(place, 'department')
  if (share < 0.05) return []
  const { departmentId } = pickByShare(DEPARTMENTS, (share - 0.05) / 0.95)
  const second = toShare(place, 'secondDepartment')
  if (second >= 0.1) return [departmentId]
  return [...new Set([departmentId, pickByShare(DEPARTMENTS, second / 0.1).departmentId])]
}

/** Of ten users who sign in, six use one application, one the other, and three both. */
function toApplications(place: number): string[] {
  const share = toShare(place, 'application')
  if (share < 0.6) return [FIRST_APPLICATION_ID]
  return share < 0.7 ? [SECOND_APPLICATION_ID] : [FIRST_APPLICATION_ID, SECOND_APPLICATION_ID]
}

function toLastMfaTime(
  place: number,
  mfa: StoredMfa | undefined,
  createdMs: number,
  lastLoginMs: number | null,
): string | null {
  const hasBound = mfa !== undefined && (mfa.mfaPhone !== null || mfa.totpMfaEnabled)
  if (lastLoginMs === null || !hasBound) return null
  const beforeMs = Math.floor(toShare(place, 'mfaTime') * (lastLoginMs - createdMs))
  return new Date(lastLoginMs - beforeMs).toISOString()
}

/** Picks from a list by a number from 0 to 1, without 1. The list must not be empty. */
function pickByShare<T>(list: readonly T[], share: number): T {
  return list[Math.floor(share * list.length)] as T
}
