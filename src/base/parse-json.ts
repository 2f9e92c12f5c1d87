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

/** Codes of characters, because a text would be made for each character that is looked at. */
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const COMMA = 0x2c
const COLON = 0x3a
const QUOTE = 0x22
const BACKSLASH = 0x5c

/** Counts the members of all objects in a text. Parsing keeps only one of two members with the same key. */
function countMembersOf(text: string, maxValues: number): number | 'TOO_DEEP' | 'TOO_MANY_VALUES' {
  let [values, depth, members] = [0, 0, 0]
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case OPEN_LIST:
      case OPEN_OBJECT:
        if (++depth > MAX_JSON_DEPTH) return 'TOO_DEEP'
        if (++values > maxValues) return 'TOO_MANY_VALUES'
        break
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        depth--
        break
      case COMMA:
        if (++values > maxValues) return 'TOO_MANY_VALUES'
        break
      case COLON:
        members++
        break
      case QUOTE:
        at = toClosingQuote(text, at)
    }
  }
  return members
}

/** Returns the place of the quote that ends the string beginning at `start`, or the end of the text. */
function toClosingQuote(text: string, start: number): number {
  let at = text.indexOf('"', start + 1)
  while (at > 0 && isEscaped(text, at)) at = text.indexOf('"', at + 1)
  return at < 0 ? text.length : at
}

/** Returns `true` if an odd number of backslashes stands before this place of a string. */
function isEscaped(text: string, at: number): boolean {
  let first = at
  while (text.charCodeAt(first - 1) === BACKSLASH) first--
  return (at - first) % 2 === 1
}

/** Counts the members of all objects in a value. */
function countMembers(value: unknown): number {
  let count = 0
  if (Array.isArray(value)) for (const inner of value) count += countMembers(inner)
  else if (isObject(value)) for (const key in value) count += 1 + countMembers(value[key])
  return count
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
