import { createMfa, FACTOR_LISTS } from './create-mfa.ts'
import { createUser } from './create-user.ts'
import { DEPARTMENTS } from './departments.ts'
import { FAMILY_NAMES, GIVEN_NAMES } from './names.ts'
import { pick } from './pick.ts'
import type { SandboxUser } from './user.ts'

/** Ranges that are kept free for fiction, in countries that have one. The last two digits are the user's place. */
const PHONE_RANGES = [
  { countryCode: '+86', start: '138000000' },
  { countryCode: '+86', start: '139000000' },
  { countryCode: '+1', start: '20255501' },
  { countryCode: '+44', start: '77009000' },
  { countryCode: '+33', start: '6399800' },
  { countryCode: '+49', start: '30231250' },
]

/** Creates the seed at a place behind those that are made by hand, as a fresh object at every call. */
export function createGeneratedSeed(place: number): SandboxUser {
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
    departmentIds: toDepartmentIds(place),
    mfa: createMfa(pick(FACTOR_LISTS, place), {
      mfaPhone: isBound ? phone : null,
      mfaPhoneCountryCode: isBound ? (range?.countryCode ?? null) : null,
      mfaEmail: isBound && hasEmail ? `${username}@example.org` : null,
      totpMfaEnabled: isBound && place % 2 === 0,
      faceMfaEnabled: isBound && place % 7 === 0,
    }),
  })
}

/** Of ten users one is in no department, and one is in two. */
function toDepartmentIds(place: number): string[] {
  if (place % 10 === 0) return []
  const { departmentId } = pick(DEPARTMENTS, place)
  return place % 10 === 5 ? [departmentId, pick(DEPARTMENTS, place + 1).departmentId] : [departmentId]
}
