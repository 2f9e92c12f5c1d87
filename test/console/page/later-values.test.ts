import { expect, it } from 'vitest'
import { hasEnded } from '../../../console/screens/coverage/coverage-types.ts'
import { toWords } from '../../../console/texts/to-words.ts'

it('a value has the words of the page, or its own name', () => {
  expect(['SMS', 'PASSKEY'].map(value => toWords({ SMS: 'text message' }, value))).toEqual([
    'text message',
    'PASSKEY',
  ])
})

it.each([
  ['PAUSED', false],
  ['CANCELLED', true],
  ['ARCHIVING', null],
])('a scan with the status %s has ended: %s', (status, expected) => {
  expect(hasEnded({ status } as never)).toBe(expected)
})
