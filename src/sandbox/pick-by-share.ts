/** Picks from a list by a number from 0 to 1, without 1. The list must not be empty. */
export function pickByShare<T>(list: readonly T[], share: number): T {
  return list[Math.floor(share * list.length)] as T
}
