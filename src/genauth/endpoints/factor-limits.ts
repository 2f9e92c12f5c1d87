/** No person signs in by more factors than this, and no user pool has more. */
export const MAX_FACTORS = 64

/** The limit for all names of one list together, because each is compared, recorded and repeated several times. */
const MAX_FACTOR_CHARACTERS = 64 * 1024

/** Returns `true` if the names of a list are short enough, so that a record of them can be read again. */
export function areShortEnough(codes: readonly string[]): boolean {
  return codes.reduce((sum, { length }) => sum + length, 0) <= MAX_FACTOR_CHARACTERS
}
