import { FIRST_APPLICATION_ID, SECOND_APPLICATION_ID } from './applications.ts'
import { createMfa, FACTOR_LISTS } from './create-mfa.ts'
import { DEPARTMENTS } from './departments.ts'
import { pickByShare } from './pick-by-share.ts'
import { toShare } from './share.ts'
import type { StoredMfa, UserStatus } from './user.ts'

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

/** Returns when a user was made, in milliseconds since 1970, as all times here. */
export function toCreatedMs(place: number): number {
  return FIRST_CREATED_MS + Math.floor(place / USERS_PER_MINUTE) * MINUTE_MS
}

export function toStatus(place: number): UserStatus {
  const share = toShare(place, 'status')
  return STATUSES_BY_SHARE.find(({ until }) => share < until)?.status ?? 'Deactivated'
}

/** One user of five has never signed in. The others' last sign-ins are spread evenly since they were made. */
export function toLastLoginMs(place: number): number | null {
  const share = toShare(place, 'signIn')
  if (share < 0.2) return null
  const createdMs = toCreatedMs(place)
  return createdMs + Math.floor(((share - 0.2) / 0.8) * (LAST_SIGN_IN_MS - createdMs))
}

/** One user of ten has nothing stored, and of the others four of ten have bound nothing. */
export function toMfa(place: number, phone: string | null, email: string | null): StoredMfa | undefined {
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
export function toDepartmentIds(place: number): string[] {
  const share = toShare(place, 'department')
  if (share < 0.05) return []
  const { departmentId } = pickByShare(DEPARTMENTS, (share - 0.05) / 0.95)
  const second = toShare(place, 'secondDepartment')
  if (second >= 0.1) return [departmentId]
  return [...new Set([departmentId, pickByShare(DEPARTMENTS, second / 0.1).departmentId])]
}

/** Of ten users who sign in, six use one application, one the other, and three both. */
export function toApplications(place: number): string[] {
  if (toLastLoginMs(place) === null) return []
  const share = toShare(place, 'application')
  if (share < 0.6) return [FIRST_APPLICATION_ID]
  return share < 0.7 ? [SECOND_APPLICATION_ID] : [FIRST_APPLICATION_ID, SECOND_APPLICATION_ID]
}

/** A second factor was last used at a sign-in, by those who have bound one that is asked for then. */
export function toLastMfaMs(place: number, mfa: StoredMfa | undefined): number | null {
  const lastLoginMs = toLastLoginMs(place)
  const hasBound = mfa !== undefined && (mfa.mfaPhone !== null || mfa.totpMfaEnabled)
  if (lastLoginMs === null || !hasBound) return null
  return lastLoginMs - Math.floor(toShare(place, 'mfaTime') * (lastLoginMs - toCreatedMs(place)))
}
