const USER_ID = /^65a([\da-f]{21})$/

/** Returns the ID of the user at a place, which counts from 1. */
export function toUserId(place: number): string {
  return `65a${place.toString(16).padStart(21, '0')}`
}

/** Returns the place that an ID names, or `undefined` if it is of another form. The place may be beyond the last. */
export function toPlace(userId: string): number | undefined {
  const [, digits] = USER_ID.exec(userId) ?? []
  return digits === undefined ? undefined : Number.parseInt(digits, 16)
}
