import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isSameState } from '../../src/mfa/diff.ts'
import { MFA_FACTOR_TYPES, type MfaFactor } from '../../src/mfa/factor.ts'
import { findEffects } from '../../src/mfa/find-change-effects.ts'
import { type FactorChange, mergeMfaState } from '../../src/mfa/merge.ts'
import { EMPTY_MFA_STATE } from '../../src/mfa/mfa-state.ts'
import { createRevisions } from '../../src/mfa/revision.ts'

const type = fc.constantFrom(...MFA_FACTOR_TYPES)
const sort = fc.oneof(fc.integer({ min: -3, max: 9 }), fc.constantFrom(0.5, 1e9, -0))
const stored: fc.Arbitrary<MfaFactor> = fc
  .record({ code: fc.oneof(type, fc.constantFrom('PASSKEY', 'VOICE', '')), statusAsRead: fc.nat(3), sort })
  .map(({ code, statusAsRead, sort }) => ({ code, enabled: statusAsRead !== 0, sort, statusAsRead }))
const change: fc.Arbitrary<FactorChange> = fc.oneof(
  fc
    .uniqueArray(fc.record({ type, enabled: fc.boolean(), sort: fc.option(fc.nat(9)) }), {
      selector: one => one.type,
    })
    .map(factors => ({ kind: 'LIST' as const, factors })),
  fc
    .record({ enable: fc.uniqueArray(type), disable: fc.uniqueArray(type) })
    .map(patch => ({ kind: 'PATCH' as const, ...patch })),
)
const { toRevision } = createRevisions(['key'])

it('whatever a change made of whatever list, the recorded factors make the very state of before', () => {
  fc.assert(
    fc.property(fc.array(stored, { maxLength: 7 }), change, (factors, made) => {
      const before = { ...EMPTY_MFA_STATE, mfaPhone: '1', totpMfaEnabled: true, factors }
      const after = mergeMfaState(before, {}, made)
      // The journal keeps no number of GenAuth.
      const recorded = factors.map(({ code, enabled, sort }) => ({ code, enabled, sort }))
      const undo: FactorChange = { kind: 'RESTORE', factors: recorded }
      const restored = mergeMfaState(after, {}, undo)
      expect(toRevision('u', restored)).toBe(toRevision('u', before))
      expect(restored.factors.map(({ code, enabled, sort }) => ({ code, enabled, sort }))).toEqual(recorded)
      expect(mergeMfaState(restored, {}, undo)).toEqual(restored)
      if (isSameState(before, after))
        expect(findEffects(after, { fields: {}, change: undo, after: restored })).toEqual([])
    }),
  )
})
