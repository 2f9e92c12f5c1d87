import { describe, expect, it } from 'vitest'
import { isEmpty, move, NO_WISH, toDraft, toKeptWish, toWish } from '../../../console/screens/change/draft.ts'

const factor = (code: 'SMS' | 'OTP' | 'EMAIL', enabled: boolean, sort: number) => ({
  code,
  type: code,
  enabled,
  sort,
  bound: null,
})
const PASSKEY = { code: 'PASSKEY', type: null, enabled: true, sort: 1, bound: null }
const STATE = { factors: [factor('SMS', true, 0), PASSKEY, factor('OTP', false, 2)] }

describe('a draft of factors', () => {
  it('has the known factors in order, then those that are not listed, and wishes nothing at first', () => {
    const draft = toDraft(STATE, NO_WISH)
    expect(draft.map(({ type, isOn }) => [type, isOn])).toEqual([
      ['SMS', true],
      ['OTP', false],
      ['EMAIL', false],
      ['FACE', false],
    ])
    expect(isEmpty(toWish(STATE, draft))).toBe(true)
  })

  it.each([
    ['switches on', { enable: ['EMAIL'], disable: [], order: null }],
    ['switches off', { enable: [], disable: ['SMS'], order: null }],
    ['moves', { enable: [], disable: [], order: ['OTP', 'SMS'] }],
    ['moves one that is not listed', { enable: ['FACE'], disable: ['SMS'], order: ['FACE', 'SMS', 'OTP'] }],
  ])('that %s comes back from its wish', (_, kept) => {
    expect(toWish(STATE, toDraft(STATE, toKeptWish(kept)))).toEqual(kept)
  })

  it('keeps what was wanted when somebody else has changed another factor', () => {
    const wish = toWish(STATE, toDraft(STATE, { enable: [], disable: ['SMS'], order: null }))
    const now = { factors: [factor('SMS', true, 0), factor('OTP', true, 1)] }
    expect(toWish(now, toDraft(now, wish))).toEqual({ enable: [], disable: ['SMS'], order: null })
  })

  it('wishes nothing if somebody else has done the same', () => {
    const now = { factors: [factor('SMS', false, 0)] }
    expect(isEmpty(toWish(now, toDraft(now, { enable: [], disable: ['SMS'], order: null })))).toBe(true)
  })

  it('moves by one place, and not beyond an end', () => {
    const draft = toDraft(STATE, NO_WISH)
    expect(move(draft, 'OTP', -1).map(({ type }) => type)).toEqual(['OTP', 'SMS', 'EMAIL', 'FACE'])
    expect(move(draft, 'SMS', -1)).toBe(draft)
    expect(move(draft, 'FACE', 1)).toBe(draft)
  })

  it('forgets kept factors that this version does not know', () => {
    expect(toKeptWish({ enable: ['PASSKEY', 'OTP'], disable: [], order: ['PASSKEY', 'OTP'] })).toEqual({
      enable: ['OTP'],
      disable: [],
      order: ['OTP'],
    })
  })
})
