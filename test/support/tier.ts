/**
 * The amount of testing. `npm test` runs the short tier: all tests but those with the tag `long`, and fewer random
 * cases. `npm run test:all`, which CI runs, runs everything.
 */
export const TIER: 'short' | 'all' = process.env['TEST_TIER'] === 'all' ? 'all' : 'short'

/** Returns how many random cases to run. */
export function runs(often: { readonly short: number; readonly all: number }): number {
  return often[TIER]
}
