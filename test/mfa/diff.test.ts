import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isSameState, toStateBasis } from '../../src/mfa/diff.ts'
import { EMPTY_MFA_STATE, type MfaState } from '../../src/mfa/mfa-state.ts'

const text = fc.constantFrom(null, '', 'a', 'b')
const flag = fc.constantFrom(null, false, true)
const factor = fc.record({
  code: fc.constantFrom('SMS', 'OTP'),
  enabled: fc.boolean(),
  sort: fc.constantFrom(0, 1),
})
const state: fc.Arbitrary<MfaState> = fc
  .record({
    mfaPhone: text,
    nickname: text,
    totpMfaEnabled: flag,
    factors: fc.array(factor, { maxLength: 2 }),
    displayAsRead: fc.constantFrom({}, { nickname: 1 }, { nickname: [1] }),
  })
  .map(members => ({ ...EMPTY_MFA_STATE, ...members }))

it('two states are the same exactly if their revisions are', () => {
  fc.assert(
    fc.property(state, state, (a, b) => {
      // A text stands before the value that was read in its place, so a state has only one of them.
      fc.pre(
        [a, b].every(({ nickname, displayAsRead }) => !nickname || displayAsRead?.nickname === undefined),
      )
      expect(isSameState(a, b)).toBe(JSON.stringify(toStateBasis(a)) === JSON.stringify(toStateBasis(b)))
    }),
    { numRuns: 2_000 },
  )
})
