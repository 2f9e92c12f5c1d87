/** Both databases take this many values of each row in one statement, and more. */
const AT_ONCE = 500

/** Cuts a list into parts that fit into one statement each. */
export function inParts<T>(list: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(list.length / AT_ONCE) }, (_, n) =>
    list.slice(n * AT_ONCE, (n + 1) * AT_ONCE),
  )
}
