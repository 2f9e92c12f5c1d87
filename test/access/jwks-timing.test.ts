import { expect, it } from 'vitest'
import { type CacheHeaders, JWKS_TIMING, toFreshForS, toReloadMs } from '../../src/access/jwks-timing.ts'

it.each<[CacheHeaders, number | null]>([
  [{}, null],
  [{ 'cache-control': 'public' }, null],
  [{ 'cache-control': 'max-age=60' }, 60],
  [{ 'cache-control': 'public, Max-Age=60, must-revalidate' }, 60],
  [{ 'cache-control': 'max-age="60"' }, 60],
  [{ 'cache-control': ['public', 'max-age=60'] }, 60],
  [{ 'cache-control': 'max-age=600, max-age=60' }, 60],
  [{ 'cache-control': 'max-age=60, no-store' }, 0],
  [{ 'cache-control': 'no-cache' }, 0],
  [{ 'cache-control': 'no-cache="set-cookie", max-age=60' }, 0],
  [{ 'cache-control': 'max-age=' }, 0],
  [{ 'cache-control': 'max-age=-1' }, 0],
  [{ 'cache-control': 'max-age=1e9' }, 0],
  [{ 'cache-control': 's-maxage=60' }, null],
  [{ 'cache-control': 'max-age=9999999999' }, 9_999_999_999],
  [{ 'cache-control': 'max-age=60', age: '50' }, 10],
  [{ 'cache-control': 'max-age=60', age: '500' }, 0],
  [{ 'cache-control': 'max-age=60', age: 'long' }, 60],
  [{ age: '50' }, null],
])('an answer with %j is fresh for %s seconds', (headers, expected) => {
  expect(toFreshForS(headers)).toBe(expected)
})

it.each([
  [null, 300_000],
  [0, 30_000],
  [29, 30_000],
  [31, 31_000],
  [86_400, 300_000],
])('keys that are fresh for %s seconds are loaded again after %s ms', (freshForS, expected) => {
  expect(toReloadMs(JWKS_TIMING, freshForS)).toBe(expected)
})

it('a configured age below the least that the issuer can bring about is kept', () => {
  expect(toReloadMs({ ...JWKS_TIMING, reloadMs: 5_000 }, 0)).toBe(5_000)
})
