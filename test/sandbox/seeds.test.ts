import { expect, test } from 'vitest'
import { SANDBOX_PEOPLE } from '../../src/sandbox/people.ts'
import { createSeeds } from '../../src/sandbox/seeds.ts'

const seeds = createSeeds()

test('The seeds are the same every time, and each time fresh objects.', () => {
  const again = createSeeds()
  expect(again).toEqual(seeds)
  expect(again[0]).not.toBe(seeds[0])
  expect(again[0]?.mfa).not.toBe(seeds[0]?.mfa)
})

test('Ids, usernames, e-mails and external ids belong to one user each.', () => {
  for (const key of ['userId', 'username', 'email', 'externalId'] as const) {
    const values = seeds.map(user => user[key]).filter(value => value !== null)
    expect(new Set(values).size).toBe(values.length)
  }
})

test('There are at least 60 users, with ids of 24 hex digits and addresses in domains kept for examples.', () => {
  expect(seeds.length).toBeGreaterThanOrEqual(60)
  for (const user of seeds) {
    expect(user.userId).toMatch(/^65a[\da-f]{21}$/)
    expect(user.email ?? user.mfa?.mfaEmail ?? 'none@example.com').toMatch(/@example\.(com|org)$/)
    expect(user.phone ?? '0').toMatch(/^\d+$/)
  }
})

test.each([
  { what: 'nothing stored', count: seeds.filter(user => user.mfa === undefined).length },
  { what: 'an empty list stored', count: seeds.filter(user => user.mfa?.applicationMfa.length === 0).length },
  {
    what: 'a factor off',
    count: seeds.filter(user => user.mfa?.applicationMfa.some(one => one.status === 0)).length,
  },
  { what: 'no e-mail', count: seeds.filter(user => user.email === null).length },
  { what: 'no phone', count: seeds.filter(user => user.phone === null).length },
  {
    what: 'a foreign phone',
    count: seeds.filter(user => !['+86', null].includes(user.phoneCountryCode)).length,
  },
  { what: 'a face bound', count: seeds.filter(user => user.mfa?.faceMfaEnabled).length },
  { what: 'an identity', count: seeds.filter(user => user.identities.length > 0).length },
  { what: 'a sync relation', count: seeds.filter(user => user.syncRelations.length > 0).length },
  { what: 'an external id', count: seeds.filter(user => user.externalId !== null).length },
  { what: 'no department', count: seeds.filter(user => user.departmentIds.length === 0).length },
  { what: 'two departments', count: seeds.filter(user => new Set(user.departmentIds).size === 2).length },
  { what: 'a suspension', count: seeds.filter(user => user.status === 'Suspended').length },
])('Some user has $what.', ({ count }) => {
  expect(count).toBeGreaterThan(0)
})

test('Some users are named for the people who try it, each as the seeds have it.', () => {
  const names = new Map(seeds.map(({ userId, name }) => [userId, name]))
  expect(SANDBOX_PEOPLE.map(({ id }) => names.get(id))).toEqual(SANDBOX_PEOPLE.map(({ name }) => name))
})
