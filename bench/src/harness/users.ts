/** The default number of factors of a made-up user. */
const DEFAULT_FACTOR_COUNT = 3

/** Returns an ID like GenAuth's own, which tells the upstream how many factors the user has. */
export function toUserId(serial: number, factorCount = DEFAULT_FACTOR_COUNT): string {
  return `65a0${toHex(factorCount, 2)}${toHex(serial, 18)}`
}

/** Returns the factor count in an ID that begins at `at`. */
export function readFactorCount(text: string, at: number): number {
  return Number.parseInt(text.slice(at + 4, at + 6), 16)
}

function toHex(value: number, length: number): string {
  return value.toString(16).padStart(length, '0')
}
