const OFFSET = 0x811c9dc5
const PRIME = 0x01000193

/**
 * Returns a number for a text, so that the text itself need not be kept (FNV-1a, 32 bits). Two texts may have the same
 * number. Do not use it where texts must never be confused.
 */
export function hashText(text: string): number {
  let hash = OFFSET
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME)
  return hash >>> 0
}
