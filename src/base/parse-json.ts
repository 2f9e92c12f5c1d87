/** Deeper nesting means nothing to GraphQL or to GenAuth's replies, and would make each walk over a value dearer. */
export const MAX_JSON_DEPTH = 64

/**
 * Says why a text is not used.
 *
 * - `NO_JSON`: it is not JSON.
 * - `TOO_DEEP`: it has more than 64 levels. It has not been parsed, and may not be JSON.
 * - `TOO_MANY_VALUES`: it has more values than the reader takes. It has not been parsed, and may not be JSON.
 * - `DUPLICATE_KEY`: a key stands twice in one object, at any depth and however it is escaped. Two readers of the text
 *   could see two different values.
 */
type JsonFault = 'NO_JSON' | 'TOO_DEEP' | 'TOO_MANY_VALUES' | 'DUPLICATE_KEY'

export type ParsedJson = { readonly value: unknown } | { readonly fault: JsonFault }

/**
 * Parses JSON that comes from outside.
 *
 * @param maxValues counts commas, lists and objects. Parsing half a million lists takes a tenth of a second
 */
export function parseJson(text: string, maxValues = Number.POSITIVE_INFINITY): ParsedJson {
  const members = countMembersOf(text, maxValues)
  if (typeof members === 'string') return { fault: members }
  const value = tryParseJson(text)
  if (value === undefined) return { fault: 'NO_JSON' }
  return countMembers(value) === members ? { value } : { fault: 'DUPLICATE_KEY' }
}

/** Returns the value of a text, or `undefined` if the text is not JSON. */
export function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Counts the members of all objects in a text. Parsing keeps only one of two members with the same key. */
function countMembersOf(text: string, maxValues: number): number | 'TOO_DEEP' | 'TOO_MANY_VALUES' {
  let [values, depth, members] = [0, 0, 0]
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '[':
      case '{':
        if (++depth > MAX_JSON_DEPTH) return 'TOO_DEEP'
        if (++values > maxValues) return 'TOO_MANY_VALUES'
        break
      case ']':
      case '}':
        depth--
        break
      case ',':
        if (++values > maxValues) return 'TOO_MANY_VALUES'
        break
      case ':':
        members++
        break
      case '"':
        at = toClosingQuote(text, at)
    }
  }
  return members
}

/** Returns the place of the quote that ends the string beginning at `start`. */
function toClosingQuote(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}

/** Counts the members of all objects in a value. */
function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let count = Array.isArray(value) ? 0 : Object.keys(value).length
  for (const inner of Object.values(value)) count += countMembers(inner)
  return count
}
