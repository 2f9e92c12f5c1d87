/** Deeper nesting means nothing to GraphQL, and would only cost the walks over it. */
export const MAX_JSON_DEPTH = 64

/**
 * What is wrong with the shape of a JSON text that has been parsed, or null: nesting beyond 64 levels, or a key that
 * stands twice in one object, at any depth and however it is escaped, where two readers of the text could see two
 * different values. Parsing keeps one of two such members, so the text has more of them than the value.
 *
 * @param value what the text was parsed to
 */
export function findJsonShapeFault(text: string, value: unknown): 'NESTED_TOO_DEEP' | 'DUPLICATE_KEY' | null {
  let depth = 0
  let members = 0
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '{':
      case '[':
        if (++depth > MAX_JSON_DEPTH) return 'NESTED_TOO_DEEP'
        break
      case '}':
      case ']':
        depth--
        break
      case ':':
        members++
        break
      case '"':
        at = toClosingQuote(text, at)
    }
  }
  return members === countMembers(value) ? null : 'DUPLICATE_KEY'
}

/** The place of the quote that ends the string which begins at `start`. */
function toClosingQuote(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}

/** The members of all objects in a value, each counted once. */
function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let count = Array.isArray(value) ? 0 : Object.keys(value).length
  for (const inner of Object.values(value)) count += countMembers(inner)
  return count
}
