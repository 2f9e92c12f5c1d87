import { describe, expect, it } from 'vitest'
import { isConfirmed } from '../../../console/parts/typed-confirmation.tsx'
import { mayRepeat, type Outcome, toOutcome } from '../../../console/screens/several-users/outcome.ts'
import { readIds } from '../../../console/screens/several-users/read-ids.ts'

const failure = { __typename: 'MfaRateLimitedError', code: 'RATE_LIMITED', message: '', requestId: '' }

describe('the address of several people', () => {
  it.each([
    ['', [], 0],
    ['a,b,a', ['a', 'b'], 0],
    [' a , ,b', ['a', 'b'], 0],
    ['a@example.com,李雷,b', ['b'], 2],
    [`${'x'.repeat(129)},b`, ['b'], 1],
  ])('reads %j as %j, and leaves %i out', (text, ids, malformed) => {
    expect(readIds(text)).toEqual({ ids, malformed, leftOut: 0 })
  })

  it('has room for fifty', () => {
    const ids = Array.from({ length: 53 }, (_, index) => `id${index}`)
    expect(readIds(ids.join())).toEqual({ ids: ids.slice(0, 50), malformed: 0, leftOut: 3 })
  })
})

describe('the result of one person', () => {
  it.each<[string, Outcome, boolean]>([
    ['a refusal that may pass', { kind: 'REFUSED', failure: { ...failure, retryable: true } }, true],
    ['a refusal that stays', { kind: 'REFUSED', failure: { ...failure, retryable: false } }, false],
    ['what was not attempted', { kind: 'NOT_ATTEMPTED', failure: { ...failure, retryable: false } }, true],
    ['what is in doubt', { kind: 'UNKNOWN', failure: { ...failure, retryable: true } }, false],
    ['what was applied', { kind: 'APPLIED', changes: [], warnings: [] }, false],
  ])('of %s may be repeated: %s', (_, outcome, expected) => {
    expect(mayRepeat(outcome)).toBe(expected)
  })

  it.each([
    ['UNKNOWN', null, 'UNKNOWN'],
    ['PARTLY', null, 'UNKNOWN'],
    ['APPLIED', null, 'UNKNOWN'],
    ['NOT_APPLIED', null, 'REFUSED'],
    [null, null, 'REFUSED'],
    [null, { id: 'u', posture: null, factors: [] }, 'UNKNOWN'],
  ])('with the outcome %j and the state %j is %s', (outcome, observed, kind) => {
    const error = { ...failure, retryable: true, outcome, observed }
    const payload = { ...error, __typename: 'MfaUpstreamUnavailableError' }
    expect(toOutcome(payload as never, true).outcome.kind).toBe(kind)
  })

  it.each([
    ['a success of a later version', { __typename: 'SetUserMfaStatusQueuedSuccess' }, true],
    ['an error of a later version', { ...failure, retryable: false, __typename: 'MfaLaterError' }, true],
    ['a preview in its place', { __typename: 'SetUserMfaStatusPreview', changed: true, changes: [] }, true],
    ['a preview of a later version', { __typename: 'SetUserMfaStatusLaterPreview' }, false],
  ])('with %s is in doubt', (_, payload, isChange) => {
    expect(toOutcome(payload as never, isChange).outcome).toEqual({ kind: 'UNKNOWN', failure: null })
  })

  it('of a preview with an error of a later version is refused', () => {
    expect(
      toOutcome({ ...failure, retryable: false, __typename: 'MfaLaterError' } as never, false).outcome.kind,
    ).toBe('REFUSED')
  })
})

describe('a typed confirmation', () => {
  it.each([
    ['４８', '48'],
    [' 48 ', '48'],
    ['SMS, Face', 'sms face'],
    ['短信、人脸', '短信 人脸'],
    [' 👍 ', '👍'],
    ['＊＊＊', '***'],
  ])('takes %j for %j', (typed, expected) => {
    expect(isConfirmed(typed, expected)).toBe(true)
  })

  it.each([
    ['49', '48'],
    ['', '48'],
    ['', '👍'],
    ['', '***'],
    [' ', '***'],
    ['👎', '👍'],
    ['**', '***'],
    ['', ' '],
    ['-', ''],
  ])('does not take %j for %j', (typed, expected) => {
    expect(isConfirmed(typed, expected)).toBe(false)
  })
})
