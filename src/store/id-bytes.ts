/** GenAuth's own ids, as far as anybody has seen. */
const USUAL = /^[0-9a-f]{24}$/
const USUAL_BYTES = 12
/** Begins every other id. */
const TEXT = 0

/**
 * Returns the bytes in which a store keeps an id: those of its 24 hexadecimal digits, so that a scan takes a sixth less.
 * Any other id is kept as text behind one zero byte, or two if it would have twelve bytes then. No id begins with a zero
 * byte, because PostgreSQL's texts and HTTP hold none.
 */
export function toIdBytes(id: string): Buffer {
  if (USUAL.test(id)) return Buffer.from(id, 'hex')
  const text = Buffer.from(`\0${id}`)
  return text.length === USUAL_BYTES ? Buffer.concat([Buffer.of(TEXT), text]) : text
}

/** @param stored `libsql` gives an `ArrayBuffer` for each of several rows */
export function fromIdBytes(stored: Uint8Array | ArrayBuffer): string {
  const bytes = Buffer.from(new Uint8Array(stored))
  if (bytes.length === USUAL_BYTES) return bytes.toString('hex')
  return bytes.toString('utf8', bytes[1] === TEXT ? 2 : 1)
}
