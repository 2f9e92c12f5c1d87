/** A row in an order, by its place and the number of its kind. */
export interface OrderEntry {
  readonly place: number
  readonly kindNo: number
}

/** Larger numbers do not fit into an entry. */
export const MAX_KIND_NO = 0xff_ff
export const MAX_PLACE = 0xff_ff_ff

/** How many entries each chunk of an order has, but for the last one. */
export const ENTRIES_A_CHUNK = 1_000

const PLACE_BYTES = 3
const KIND_BYTES = 2

/** @param hasPlaces `false` leaves out the places, because each is one more than the one before it */
export function toEntryBytes(entries: readonly OrderEntry[], hasPlaces: boolean): Buffer {
  const placeBytes = hasPlaces ? PLACE_BYTES : 0
  const bytes = Buffer.alloc(entries.length * (placeBytes + KIND_BYTES))
  let at = 0
  for (const { place, kindNo } of entries) {
    if (hasPlaces) bytes.writeUIntLE(place, at, PLACE_BYTES)
    bytes.writeUInt16LE(kindNo, at + placeBytes)
    at += placeBytes + KIND_BYTES
  }
  return bytes
}

export interface WantedEntries {
  /** See `toWantedKinds`. */
  readonly kinds: Uint8Array
  /** All entries up to the one with this place are left out. If none has it, that is all. `null` leaves out none. */
  readonly behind: number | null
  /** The place of the first entry, if the entries have none. `null` if they have. */
  readonly firstPlace: number | null
}

/** Makes a table of all kinds, because a page may look at each of 100,000 entries. */
export function toWantedKinds(kindNos: readonly number[]): Uint8Array {
  const kinds = new Uint8Array(MAX_KIND_NO + 1)
  for (const kindNo of kindNos) kinds[kindNo] = 1
  return kinds
}

/**
 * Returns the places of the entries that are of one of the kinds.
 *
 * @param stored `libsql` gives an `ArrayBuffer`
 */
export function readPlaces(
  stored: Uint8Array | ArrayBuffer,
  { kinds, behind, firstPlace }: WantedEntries,
): number[] {
  const bytes = Buffer.from(new Uint8Array(stored))
  const placeBytes = firstPlace === null ? PLACE_BYTES : 0
  const entryBytes = placeBytes + KIND_BYTES
  const places: number[] = []
  let isBehind = behind === null
  for (let at = 0; at < bytes.length; at += entryBytes) {
    if (isBehind && kinds[bytes.readUInt16LE(at + placeBytes)] === 0) continue
    const place = firstPlace === null ? bytes.readUIntLE(at, PLACE_BYTES) : firstPlace + at / entryBytes
    if (isBehind) places.push(place)
    else isBehind = place === behind
  }
  return places
}
