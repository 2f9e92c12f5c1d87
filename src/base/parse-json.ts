/** Twice what 50 users with all of their fields have. A reply of 1 MB has room for twenty times as many. */
const MAX_VALUES = 32 * 1024
const MAX_DEPTH = 64

/** A text in which a key stands twice in one object: two readers of it could see a success and a refusal. */
export class DuplicateKeyError extends Error {
  override readonly name = 'DuplicateKeyError'
}

/** A text that is not parsed, since that would take longer than other callers may wait. */
export class TooManyValuesError extends Error {
  override readonly name = 'TooManyValuesError'
}

/**
 * Parses a reply of GenAuth's.
 *
 * @throws SyntaxError for what is no JSON, `DuplicateKeyError`, `TooManyValuesError` for a text with more than 32,768 values or 64 levels:
 * half a million lists in one another take a tenth of a second, and a few thousand cannot be written again
 */
export function parseJson(text: string): unknown {
  const members = countMembersOf(text)
  if (members === null) throw new TooManyValuesError()
  const value: unknown = JSON.parse(text)
  if (countMembers(value) !== members) throw new DuplicateKeyError()
  return value
}

/** How many members the objects of a text have together; parsing keeps one of two with the same key. Null: too many values. */
function countMembersOf(text: string): number | null {
  let [values, depth, members] = [0, 0, 0]
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '[':
      case '{':
        values++
        if (++depth > MAX_DEPTH) return null
        break
      case ']':
      case '}':
        depth--
        break
      case ',':
        values++
        break
      case ':':
        members++
        break
      case '"':
        at = toClosingQuote(text, at)
    }
    if (values > MAX_VALUES) return null
  }
  return members
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let count = Array.isArray(value) ? 0 : Object.keys(value).length
  for (const inner of Object.values(value)) count += countMembers(inner)
  return count
}

/** The place of the quote that ends the string which begins at `start`. */
function toClosingQuote(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}
