// Read by an old Node, too: no newer syntax.

/** The floor of `engines` in package.json, which names the versions that are tested. */
export const OLDEST_NODE = '20.18.1'

/**
 * Whether a Node is older than that.
 *
 * @param version without a `v`; what follows a hyphen does not count
 */
export function isTooOld(version: string): boolean {
  return toNumber(version) < toNumber(OLDEST_NODE)
}

/** Comparable, since no part has more than four digits. */
function toNumber(version: string): number {
  return version.split(/[.-]/, 3).reduce((number, part) => number * 1e4 + Number(part), 0)
}
