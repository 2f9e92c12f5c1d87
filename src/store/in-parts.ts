/** Both databases take this many values of each row in one statement, and more. */
const AT_ONCE = 500

/** Cuts a list into parts. Without a length they fit into one statement each. */
export function inParts<T>(list: readonly T[], length = AT_ONCE): T[][] {
  return Array.from({ length: Math.ceil(list.length / length) }, (_, n) =>
    list.slice(n * length, (n + 1) * length),
  )
}
