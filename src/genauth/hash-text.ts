const OFFSET = 0x811c9dc5
const PRIME = 0x01000193

/**
 * A number for a text, so that nothing as long as a text is kept (FNV-1a, 32 bits). Two texts may share one: not for
 * what must never be mistaken.
 */
export function hashText(text: string): number {
  let hash = OFFSET
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME)
  return hash >>> 0
}
