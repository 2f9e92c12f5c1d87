import { letOthersRun } from './let-others-run.ts'

/** A list of this length is sorted within two milliseconds. */
const SORTED_AT_ONCE = 2_000

/**
 * Sorts a long list, and lets the event loop go on in between.
 *
 * @param keyOf what decides. Elements of one key stay in their order
 */
export async function sortInTurns<T>(list: readonly T[], keyOf: (element: T) => number): Promise<T[]> {
  const bounds = toBounds(list, keyOf)
  const parts: T[][] = Array.from({ length: bounds.length + 1 }, () => [])
  for (const [n, element] of list.entries()) {
    parts[findPart(bounds, keyOf(element))]?.push(element)
    if (n % (10 * SORTED_AT_ONCE) === 0) await letOthersRun()
  }
  const sorted: T[] = []
  for (const part of parts) {
    part.sort((a, b) => keyOf(a) - keyOf(b))
    for (const element of part) sorted.push(element)
    await letOthersRun()
  }
  return sorted
}

/** Returns some of the keys in their order, so that about as many elements lie between two of them. */
function toBounds<T>(list: readonly T[], keyOf: (element: T) => number): number[] {
  const parts = Math.ceil(list.length / SORTED_AT_ONCE)
  const step = Math.max(1, Math.floor(list.length / (parts * 16)))
  const sample: number[] = []
  for (let at = 0; at < list.length; at += step) {
    const element = list[at]
    if (element !== undefined) sample.push(keyOf(element))
  }
  sample.sort((a, b) => a - b)
  const bounds = sample.filter((_, n) => n % 16 === 15)
  return [...new Set(bounds)]
}

/** Returns how many of the bounds are not above the key. */
function findPart(bounds: readonly number[], key: number): number {
  let [low, high] = [0, bounds.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((bounds[middle] ?? 0) <= key) low = middle + 1
    else high = middle
  }
  return low
}
