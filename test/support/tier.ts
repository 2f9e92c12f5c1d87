/**
 * How much is tried. `npm test` tries the short tier: all but the tests with the tag `long`, and less of what is tried
 * at random. `npm run test:all`, which CI runs, tries everything.
 */
const TIER: 'short' | 'all' = process.env['TEST_TIER'] === 'all' ? 'all' : 'short'

/** How often something is tried at random. */
export function runs(often: { readonly short: number; readonly all: number }): number {
  return often[TIER]
}
