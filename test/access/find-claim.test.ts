import { expect, it } from 'vitest'
import { findClaim } from '../../src/access/find-claim.ts'

const PAYLOAD = {
  sub: 'somebody',
  'https://example.com/roles': ['a'],
  'cognito:groups': ['b'],
  realm_access: { roles: ['c'], 'a.b': 'd', 'a/b': 'e', 'a~b': 'f' },
  list: [{ x: 1 }],
  'x.y': 'flat',
  x: { y: 'nested' },
  nothing: null,
}

it.each<[string, unknown]>([
  ['sub', 'somebody'],
  ['https://example.com/roles', ['a']],
  ['cognito:groups', ['b']],
  ['realm_access.roles', ['c']],
  ['/realm_access/roles', ['c']],
  ['/realm_access/a.b', 'd'],
  ['/realm_access/a~1b', 'e'],
  ['/realm_access/a~0b', 'f'],
  ['realm_access.a.b', undefined],
  ['x.y', 'flat'],
  ['/x/y', 'nested'],
  ['nothing', null],
  ['nothing.x', undefined],
  ['sub.length', undefined],
  ['list.length', undefined],
  ['list.0', undefined],
  ['missing', undefined],
  ['realm_access.missing', undefined],
  ['constructor', undefined],
  ['realm_access.constructor.name', undefined],
  ['__proto__', undefined],
  ['/', undefined],
  ['.', undefined],
])('the claim %s is %j', (name, value) => {
  expect(findClaim(PAYLOAD, name)).toEqual(value)
})
