/** As many as front ends have, not as many as somebody can make up: parsed, a dense text takes 80 bytes for each. */
const MAX_TOTAL_CHARACTERS = 512 * 1024
/** Longer than any that a front end has: parsed anew each time, rather than kept until it is old. */
const MAX_CHARACTERS = 16 * 1024

/** Keeps what was made of documents. The least recently used go first, so that their texts never exceed half a megabyte. */
export function createDocumentCache<V>() {
  const entries = new Map<string, V>()
  let characters = 0
  let newest: string | null = null

  function remove(document: string): void {
    if (entries.delete(document)) characters -= document.length
    if (newest === document) newest = null
  }

  return {
    get(document: string): V | undefined {
      const value = entries.get(document)
      if (value !== undefined && document !== newest) {
        entries.delete(document)
        entries.set(document, value)
        newest = document
      }
      return value
    },
    set(document: string, value: V): void {
      if (document.length > MAX_CHARACTERS) return
      remove(document)
      entries.set(document, value)
      newest = document
      characters += document.length
      for (const oldest of entries.keys()) {
        if (characters <= MAX_TOTAL_CHARACTERS) break
        remove(oldest)
      }
    },
  }
}
