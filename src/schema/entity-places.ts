import { MAX_USERS } from '../mfa/user-ref.ts'

/** Each costs its share of the answer, and 64 KB of body hold more than a thousand: half a minute's work. */
const MAX_PLACES = 250

export const ENTITY_LIMIT_MESSAGE = `At most ${MAX_USERS} different entities, at ${MAX_PLACES} places, can be asked for at once.`

/** What one operation has asked for by `_entities` so far, in whatever root fields. */
export interface EntityPlaces {
  add(representations: readonly unknown[]): void
  /** The operation asks for too much. Known when all of its root fields have been asked. */
  readonly isExceeded: boolean
}

/** Told apart by text, since a representation is any JSON; the same one written in another order counts again. */
export function createEntityPlaces(): EntityPlaces {
  let places = 0
  const different = new Set<string>()

  return {
    add(representations) {
      places += representations.length
      // Beyond that nobody needs to know how many are different.
      if (places > MAX_PLACES) return
      for (const representation of representations) different.add(JSON.stringify(representation))
    },
    get isExceeded() {
      return places > MAX_PLACES || different.size > MAX_USERS
    },
  }
}
