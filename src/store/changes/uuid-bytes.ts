const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const GROUPS = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/

/** Returns the 16 bytes of a UUID in small letters, or `null` for any other text. Their order is that of the texts. */
export function toUuidBytes(id: string): Buffer | null {
  return UUID.test(id) ? Buffer.from(id.replaceAll('-', ''), 'hex') : null
}

/** @param stored `libsql` gives an `ArrayBuffer` for each of several rows */
export function fromUuidBytes(stored: Uint8Array | ArrayBuffer): string {
  return Buffer.from(new Uint8Array(stored)).toString('hex').replace(GROUPS, '$1-$2-$3-$4-$5')
}
