/** Twice what 50 users with all of their fields have. A reply of 1 MB has room for twenty times as many. */
const MAX_VALUES = 32 * 1024
const MAX_DEPTH = 64

/** A text that is not parsed, since that would take longer than other callers may wait. */
export class TooManyValuesError extends Error {
  override readonly name = 'TooManyValuesError'
}

/**
 * Parses a reply of GenAuth's.
 *
 * @throws SyntaxError for what is no JSON, `TooManyValuesError` for a text with more than 32,768 values or 64 levels:
 * half a million lists in one another take a tenth of a second, and a few thousand cannot be written again
 */
export function parseJson(text: string): unknown {
  if (!hasFewValues(text)) throw new TooManyValuesError()
  return JSON.parse(text)
}

function hasFewValues(text: string): boolean {
  let [values, depth] = [0, 0]
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '[':
      case '{':
        values++
        if (++depth > MAX_DEPTH) return false
        break
      case ']':
      case '}':
        depth--
        break
      case ',':
        values++
        break
      case '"':
        at = toClosingQuote(text, at)
    }
    if (values > MAX_VALUES) return false
  }
  return true
}

/** The place of the quote that ends the string which begins at `start`. */
function toClosingQuote(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}
