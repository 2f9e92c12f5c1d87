import { LRUCache } from 'lru-cache'

/** As many as front ends have, not as many as somebody can make up: parsed, a dense text takes 80 bytes for each. */
const MAX_TOTAL_CHARACTERS = 512 * 1024
/** Longer than any that a front end has: parsed again each time, rather than kept until it is old. */
const MAX_CHARACTERS = 16 * 1024

/** Keeps what was made of documents. The least recently used go first, so that their texts never exceed half a megabyte. */
export function createDocumentCache<V extends NonNullable<unknown>>(): LRUCache<string, V> {
  return new LRUCache({
    maxSize: MAX_TOTAL_CHARACTERS,
    maxEntrySize: MAX_CHARACTERS,
    // An empty text has a size, too: the library demands one.
    sizeCalculation: (_value, document) => document.length || 1,
  })
}
