/** More rows than any list has that GenAuth pages through. */
const MAX_POSITION = 1_000_000

const CURSOR = /^row:(0|[1-9]\d{0,6})$/

/** Returns the opaque cursor of a row. A page after it begins with the row at `position`, which counts from 0. */
export function toCursor(position: number): string {
  return Buffer.from(`row:${position}`).toString('base64url')
}

/** Returns the position that a cursor names, or `null` if the text is no cursor of this server. */
export function toPosition(cursor: string): number | null {
  const [, digits] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  const position = Number(digits)
  return digits !== undefined && position <= MAX_POSITION && toCursor(position) === cursor ? position : null
}
