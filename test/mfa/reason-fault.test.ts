import { expect, it } from 'vitest'
import { findReasonFault } from '../../src/mfa/reason-fault.ts'

it.each([
  '',
  '   ',
  '\u00a0\u3000',
  '\u2800',
  '\u3164',
  '\u115f\u1160',
  '\uffa0',
  '\u034f',
  '\u0301\u0301',
  '\ufe0f',
  '\u180b \u2800 \u3164',
  '\u{1d159}',
  '\u{13441}\u{13442}',
  '\ufffc',
  '...',
])('a reason of nothing that shows is blank: %j', reason => {
  expect(findReasonFault(reason)).toMatch(/^The reason must not be blank/)
})

it.each(['Lost phone', '4711', '丢失手机', 'مفقود', 'é', 'a\u3164', '\u3164a'])(
  'and one with a letter or digit is not: %j',
  reason => {
    expect(findReasonFault(reason)).toBeNull()
  },
)
