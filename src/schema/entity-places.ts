import { MAX_USERS } from '../mfa/user-ref.ts'

/** Each costs its share of the answer, and 64 KB of body hold more than a thousand: half a minute's work. */
const MAX_PLACES = 250

export const ENTITY_LIMIT_MESSAGE = `At most ${MAX_USERS} different entities, at ${MAX_PLACES} places, can be asked for at once.`

/** What one operation has asked for by `_entities` so far, in whatever root fields. */
export interface EntityPlaces {
  /** Takes these places too. False: the operation would ask for too much, and none of them is taken. */
  take(representations: readonly unknown[]): boolean
}

/** Told apart by text, since a representation is any JSON; the same one written in another order counts again. */
export function createEntityPlaces(): EntityPlaces {
  let places = 0
  const different = new Set<string>()

  return {
    take(representations) {
      if (places + representations.length > MAX_PLACES) return false
      const texts = representations.map(representation => JSON.stringify(representation))
      const added = new Set(texts.filter(text => !different.has(text)))
      if (different.size + added.size > MAX_USERS) return false
      places += representations.length
      for (const text of added) different.add(text)
      return true
    },
  }
}
