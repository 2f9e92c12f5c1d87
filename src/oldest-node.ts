// An old Node reads this file, too, so it uses no newer syntax.

/** The floor of `engines` in package.json, which names the versions that are tested. */
export const OLDEST_NODE = '20.18.1'

/**
 * Returns `true` if a version of Node is older than the oldest one.
 *
 * @param version without a `v`. The part after a hyphen does not count
 */
export function isTooOld(version: string): boolean {
  return toNumber(version) < toNumber(OLDEST_NODE)
}

/** The numbers are comparable because no part has more than four digits. */
function toNumber(version: string): number {
  return version.split(/[.-]/, 3).reduce((number, part) => number * 1e4 + Number(part), 0)
}
