/** Chance that a seed decides: Mulberry32. The same seed makes the same choices. */
export function createRandom(seed) {
  let state = seed
  function next() {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = count => Math.floor(next() * count)
  return {
    /** From 0 to 1, without 1. */
    next,
    chance: share => next() < share,
    /** A whole number, the ends included. */
    between: (least, most) => least + below(most - least + 1),
    pick: list => list[below(list.length)],
    /** Some members of a list, each at most once. */
    pickSome(list, count) {
      const rest = [...list]
      return Array.from({ length: Math.min(count, rest.length) }, () => rest.splice(below(rest.length), 1)[0])
    },
  }
}
