import { LRUCache } from 'lru-cache'

/**
 * Enough for the documents of front ends, but not for all that a caller can make up. Parsed, a dense text takes 80
 * bytes for each character.
 */
const MAX_TOTAL_CHARACTERS = 512 * 1024
/** More than any document of a front end has. A longer document is parsed again each time, and is never kept. */
const MAX_CHARACTERS = 16 * 1024

/**
 * Keeps the results of documents. The least recently used go first, so that their texts never exceed half a megabyte.
 */
export function createDocumentCache<V extends NonNullable<unknown>>(): LRUCache<string, V> {
  return new LRUCache({
    maxSize: MAX_TOTAL_CHARACTERS,
    maxEntrySize: MAX_CHARACTERS,
    // The library demands a size for an empty text, too.
    sizeCalculation: (_value, document) => document.length || 1,
  })
}
