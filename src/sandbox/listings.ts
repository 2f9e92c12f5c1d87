/** As many lists as clients page through at a time. */
const MAX_LISTINGS = 16

/** The lists that were asked for lately, as places of users. A client asks for a list once for each of its pages. */
export interface Listings {
  /** Returns the list under a key, which must say everything that the list depends on. */
  get(key: unknown, makeList: () => Uint32Array): Uint32Array
  /** Forgets every list, because users came, went or changed. */
  clear(): void
}

/**
 * Creates the memory of lists. It holds while nothing changes that users are listed by. The list that was not asked for
 * longest is forgotten first.
 */
export function createListings(): Listings {
  const listings = new Map<string, Uint32Array>()
  return {
    get(key, makeList) {
      const text = JSON.stringify(key)
      const list = listings.get(text) ?? makeList()
      listings.delete(text)
      listings.set(text, list)
      const [oldest] = listings.keys()
      if (listings.size > MAX_LISTINGS && oldest !== undefined) listings.delete(oldest)
      return list
    },
    clear: () => listings.clear(),
  }
}
