import { MAX_USERS } from '../mfa/user-ref.ts'

/**
 * Each place costs its share of the result. A body of 64 KB holds more than a thousand places: half a minute's work.
 */
const MAX_PLACES = 250

export const ENTITY_LIMIT_MESSAGE = `At most ${MAX_USERS} different entities, at ${MAX_PLACES} places, can be asked for at once.`

/** The representations that one operation has asked for by `_entities` so far, in all its root fields. */
export interface EntityPlaces {
  add(representations: readonly unknown[]): void
  /** `true` if the operation asks for too much. Its value is final once all root fields have added theirs. */
  readonly isExceeded: boolean
}

/**
 * Compares representations by their text, because a representation is any JSON. The same one in another order counts
 * again.
 */
export function createEntityPlaces(): EntityPlaces {
  let places = 0
  const different = new Set<string>()

  return {
    add(representations) {
      places += representations.length
      // Beyond the limit the number of different ones no longer matters.
      if (places > MAX_PLACES) return
      for (const representation of representations) different.add(JSON.stringify(representation))
    },
    get isExceeded() {
      return places > MAX_PLACES || different.size > MAX_USERS
    },
  }
}
