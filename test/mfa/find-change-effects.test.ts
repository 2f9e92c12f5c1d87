import { describe, expect, it } from 'vitest'
import { findEffects } from '../../src/mfa/find-change-effects.ts'
import { type FactorChange, mergeMfaState, toFactorChange } from '../../src/mfa/merge.ts'
import { EMPTY_MFA_STATE, type MfaState } from '../../src/mfa/mfa-state.ts'
import type { FactorChangeInput, MfaFieldChange } from '../../src/mfa/user-change.ts'

const on = (code: string, sort = 0) => ({ code, enabled: true, sort })
const off = (code: string, sort = 0) => ({ code, enabled: false, sort })
const BEFORE: MfaState = {
  ...EMPTY_MFA_STATE,
  mfaPhone: '1',
  mfaPhoneCountryCode: '+86',
  totpMfaEnabled: true,
  nickname: 'n',
  phone: '9',
  factors: [on('SMS'), on('OTP', 1), off('EMAIL', 2), off('VOICE', 3), on('PASSKEY', 4)],
}

function effectsOf(before: MfaState | null, fields: MfaFieldChange, input: FactorChangeInput, base = before) {
  const change = toFactorChange(input)
  const after = mergeMfaState(base ?? EMPTY_MFA_STATE, fields, change)
  return findEffects(before, { fields, change, after }).join(' ')
}

const [BOTH, WEAK, REDIRECTS, NONE] = ['WEAKENING REDIRECTING', 'WEAKENING', 'REDIRECTING', '']
const SMS = { type: 'SMS', enabled: true } as const
const OTP = { type: 'OTP', enabled: true } as const
const EMAIL_OFF = { type: 'EMAIL', enabled: false } as const
/** As it is. */
const LIST = [SMS, OTP, EMAIL_OFF]

describe('the factors of a request', () => {
  it.each<[string, FactorChangeInput, string]>([
    ['switched on', { enable: ['EMAIL'] }, REDIRECTS],
    ['switched on that were not listed', { enable: ['FACE'] }, REDIRECTS],
    ['switched on that were on', { enable: ['SMS'] }, REDIRECTS],
    ['switched off', { disable: ['OTP'] }, WEAK],
    ['switched off that were off', { disable: ['EMAIL'] }, WEAK],
    ['switched off that were asked first', { disable: ['SMS'] }, BOTH],
    ['both ways', { enable: ['EMAIL'], disable: ['OTP'] }, BOTH],
    ['as they are', { factors: LIST.map((factor, sort) => ({ ...factor, sort })) }, BOTH],
    ['in another place that is not the first', { factors: [SMS, EMAIL_OFF, OTP] }, NONE],
    ['without one that was off', { factors: [SMS, OTP] }, NONE],
    ['without one that was on', { factors: [SMS, EMAIL_OFF] }, WEAK],
    ['with another one first', { factors: [OTP, SMS, EMAIL_OFF] }, REDIRECTS],
    [
      'with another one first by a tie',
      {
        factors: [
          { ...OTP, sort: 0 },
          { ...SMS, sort: 0 },
          { ...EMAIL_OFF, sort: 2 },
        ],
      },
      REDIRECTS,
    ],
    ['with one first that is off', { factors: [EMAIL_OFF, SMS, OTP] }, REDIRECTS],
    ['with one more that is off', { factors: [...LIST, { type: 'FACE', enabled: false }] }, REDIRECTS],
    ['with one more that is on', { factors: [...LIST, { type: 'FACE', enabled: true }] }, REDIRECTS],
    ['with one on that was off', { factors: [SMS, OTP, { type: 'EMAIL', enabled: true }] }, REDIRECTS],
    ['none left', { factors: [] }, BOTH],
  ])('%s', (_what, input, expected) => {
    expect(effectsOf(BEFORE, {}, input)).toBe(expected)
  })

  it('of before, restored: by the difference alone', () => {
    const effects = (now: MfaState['factors'], factors: MfaState['factors']) => {
      const change: FactorChange = { kind: 'RESTORE', factors }
      const state = { ...BEFORE, factors: now }
      const after = mergeMfaState(state, {}, change)
      return findEffects(state, { fields: {}, change, after }).join(' ')
    }
    expect(effects([on('SMS')], [on('SMS')])).toBe(NONE)
    expect(effects([on('SMS')], [on('SMS'), on('OTP', 1)])).toBe(REDIRECTS)
    expect(effects([on('SMS'), on('OTP', 1)], [on('SMS')])).toBe(WEAK)
    expect(effects([on('SMS'), off('VOICE', 1)], [on('SMS')])).toBe(WEAK)
    expect(effects([on('SMS'), on('OTP', 1)], [on('OTP'), on('SMS', 1)])).toBe(REDIRECTS)
    expect(effects([on('SMS')], [on('PASSKEY'), off('SMS', 1)])).toBe(BOTH)
  })

  it('of which two that are on change places behind the first: that one may not be bound', () => {
    const before = { ...BEFORE, factors: [on('FACE'), on('SMS', 1), off('EMAIL', 2), on('OTP', 3)] }
    const [face, email] = [{ type: 'FACE', enabled: true } as const, EMAIL_OFF]
    const tied = [face, OTP, SMS, email].map((factor, place) => ({ ...factor, sort: Math.min(place, 1) }))
    expect(effectsOf(before, {}, { factors: [face, OTP, SMS, email] })).toBe(REDIRECTS)
    expect(effectsOf(before, {}, { factors: tied })).toBe(REDIRECTS)
    expect(effectsOf(before, {}, { factors: [face, email, SMS, OTP] })).toBe(NONE)
    expect(effectsOf(before, {}, { factors: [face, SMS] })).toBe(WEAK)
  })

  it('with an unknown one first that loses its place', () => {
    const before = { ...BEFORE, factors: [on('PASSKEY'), on('SMS', 1), on('OTP', 2)] }
    const swapped = { factors: [{ ...SMS, sort: 0 }, OTP] }
    expect(effectsOf(before, {}, swapped)).toBe(REDIRECTS)
    // Some sign-in pages skip what they do not know, and begin with the first that they do.
    const behind = {
      factors: [
        { ...OTP, sort: 1 },
        { ...SMS, sort: 2 },
      ],
    }
    const kept = { ...before, factors: [on('PASSKEY'), on('OTP', 1), on('SMS', 2)] }
    expect(findEffects(before, { fields: {}, change: toFactorChange(behind), after: kept }).join(' ')).toBe(
      REDIRECTS,
    )
  })
})

describe('a field of a request', () => {
  /** Changes nothing by itself, and is no list that equals the state. */
  const REORDERED = { factors: [SMS, EMAIL_OFF, OTP] }
  it.each<[MfaFieldChange, string]>([
    [{ mfaPhone: '2' }, BOTH],
    [{ mfaPhone: '1' }, BOTH],
    [{ mfaPhone: null }, BOTH],
    [{ mfaPhoneCountryCode: '+1' }, BOTH],
    [{ mfaEmail: 'e' }, REDIRECTS],
    [{ mfaEmail: null }, REDIRECTS],
    [{ phone: '8' }, REDIRECTS],
    [{ phone: '9' }, REDIRECTS],
    [{ phoneCountryCode: '+1' }, REDIRECTS],
    [{ faceMfaEnabled: true }, REDIRECTS],
    [{ totpMfaEnabled: true }, REDIRECTS],
    [{ totpMfaEnabled: false }, WEAK],
    [{ totpMfaEnabled: null }, WEAK],
    [{ faceMfaEnabled: false }, WEAK],
    [{ nickname: 'm', username: 'u' }, NONE],
  ])('%j', (fields, expected) => {
    expect(effectsOf(BEFORE, fields, REORDERED)).toBe(expected)
  })
})

describe('a whole new state', () => {
  it('has both effects where nobody knows the one before', () => {
    expect(effectsOf(null, {}, { factors: LIST })).toBe(BOTH)
  })

  it('is compared with the one before, what it leaves out included', () => {
    const known = LIST.map((factor, sort) => ({ ...factor, sort }))
    expect(effectsOf(BEFORE, {}, { factors: known }, EMPTY_MFA_STATE)).toBe(BOTH)
    const bare = { ...EMPTY_MFA_STATE, factors: [on('SMS'), on('OTP', 1)] }
    expect(effectsOf(bare, { nickname: 'n' }, { factors: [SMS, OTP] }, EMPTY_MFA_STATE)).toBe(NONE)
    const forgotten = { ...bare, factors: [on('SMS'), on('OTP', 1), off('VOICE', 2)] }
    expect(effectsOf(forgotten, {}, { factors: [SMS, OTP] }, EMPTY_MFA_STATE)).toBe(WEAK)
  })
})
