/** Deeper nesting means nothing to GraphQL, and would only cost the walks over it. */
const MAX_DEPTH = 64

/**
 * What is wrong with the shape of a JSON text that parses, or null: nesting beyond 64 levels, or a key that
 * stands twice at the top, where two readers of the same body could see two different documents.
 */
export function findJsonShapeFault(text: string): 'NESTED_TOO_DEEP' | 'DUPLICATE_KEY' | null {
  const topKeys = new Set<unknown>()
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '{':
      case '[':
        if (++depth > MAX_DEPTH) return 'NESTED_TOO_DEEP'
        break
      case '}':
      case ']':
        depth--
        break
      case '"': {
        const end = toStringEnd(text, at)
        if (depth === 1 && text.startsWith('{', text.search(/\S/)) && isKey(text, end)) {
          const key: unknown = JSON.parse(text.slice(at, end))
          if (topKeys.has(key)) return 'DUPLICATE_KEY'
          topKeys.add(key)
        }
        at = end - 1
      }
    }
  }
  return null
}

/** The place behind the closing quote of the string that begins at `start`. */
function toStringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end + 1
}

/** An even number of backslashes escapes one another. */
function isEscaped(text: string, at: number): boolean {
  let first = at
  while (text[first - 1] === '\\') first--
  return (at - first) % 2 === 1
}

/** A string is a key where a colon follows it. */
function isKey(text: string, end: number): boolean {
  let at = end
  while (' \t\r\n'.includes(text[at] ?? 'x')) at++
  return text[at] === ':'
}
