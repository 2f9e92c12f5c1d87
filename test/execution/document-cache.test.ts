import { expect, it } from 'vitest'
import { createDocumentCache } from '../../src/execution/document-cache.ts'

/** A document of so many characters, unlike any other. */
const documentOf = (characters: number, name: number) => `${name}`.padEnd(characters, ' ')

it('keeps what was used last, and half a megabyte of texts at most', () => {
  const cache = createDocumentCache<number>()
  const documents = Array.from({ length: 64 }, (_, name) => documentOf(16 * 1024, name))
  const [first = '', second = '', third = ''] = documents
  for (const [name, document] of documents.slice(0, 32).entries()) cache.set(document, name)
  expect(cache.get(first)).toBe(0)
  cache.set(documentOf(16 * 1024, 100), 100)
  expect([cache.get(first), cache.get(second), cache.get(third)]).toEqual([0, undefined, 2])
  for (const [name, document] of documents.entries()) cache.set(document, name)
  expect(documents.filter(document => cache.get(document) !== undefined)).toHaveLength(32)
})

it('keeps many small documents, and counts one that is set twice once', () => {
  const cache = createDocumentCache<number>()
  for (let name = 0; name < 5_000; name++) {
    cache.set(documentOf(100, name), name)
    cache.set(documentOf(100, name), name)
  }
  expect(Array.from({ length: 5_000 }, (_, name) => cache.get(documentOf(100, name)))).not.toContain(
    undefined,
  )
})

it('keeps no document that is longer than a front end has', () => {
  const cache = createDocumentCache<number>()
  cache.set(documentOf(16 * 1024 + 1, 0), 0)
  expect(cache.get(documentOf(16 * 1024 + 1, 0))).toBeUndefined()
})
