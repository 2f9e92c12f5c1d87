/** As many documents as front ends have, not as many as somebody can make up. */
const MAX_DOCUMENTS = 200
/** Longer than any that a front end has: parsed anew each time, rather than kept until it is old. */
const MAX_CHARACTERS = 16 * 1024

/** The least recently used of a few hundred entries go first. */
export function createDocumentCache<V>() {
  const entries = new Map<string, V>()
  return {
    get(document: string): V | undefined {
      const value = entries.get(document)
      if (value !== undefined) {
        entries.delete(document)
        entries.set(document, value)
      }
      return value
    },
    set(document: string, value: V): void {
      if (document.length > MAX_CHARACTERS) return
      entries.set(document, value)
      const [oldest] = entries.keys()
      if (entries.size > MAX_DOCUMENTS && oldest !== undefined) entries.delete(oldest)
    },
  }
}
