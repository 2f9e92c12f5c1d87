import { createFurtherUser } from './further-user.ts'
import { createSeeds } from './seeds.ts'
import type { SandboxUser, StoredMfa } from './user.ts'
import { MAX_USER_COUNT, SEEDED_USER_COUNT } from './user-count.ts'
import { toPlace } from './user-id.ts'

/** The users of one sandbox, by their place, which counts from 1. */
export interface Users {
  readonly count: number
  /** Returns the user at a place as they are now, to be read alone. Throws a RangeError for a place that nobody has. */
  at(place: number): SandboxUser
  /** Stores what a user's `mfa` is from now on. Throws a RangeError for an ID of another form. */
  setMfa(userId: string, mfa: StoredMfa): void
}

/**
 * Creates the users of a new sandbox: the seeds, then further ones up to `count`. A further user is made when asked
 * for, and not kept. Only what was written is kept, so many users cost neither memory nor time at the start. Throws a
 * RangeError for a count out of range.
 */
export function createUsers(count: number): Users {
  if (!Number.isInteger(count) || count < SEEDED_USER_COUNT || count > MAX_USER_COUNT) {
    throw new RangeError(`userCount must be a whole number from ${SEEDED_USER_COUNT} to ${MAX_USER_COUNT}`)
  }
  const seeds = createSeeds()
  const written = new Map<number, StoredMfa>()

  function at(place: number): SandboxUser {
    if (!Number.isInteger(place) || place < 1 || place > count) {
      throw new RangeError(`no user has the place ${place}`)
    }
    const user = seeds[place - 1] ?? createFurtherUser(place)
    const mfa = written.get(place)
    return mfa === undefined ? user : { ...user, mfa }
  }

  return {
    count,
    at,
    setMfa(userId, mfa) {
      const place = toPlace(userId)
      if (place === undefined) throw new RangeError('the ID is not of the form of these users')
      written.set(place, mfa)
    },
  }
}
