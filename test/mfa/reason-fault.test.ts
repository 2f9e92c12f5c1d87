import { describe, expect, it } from 'vitest'
import { findReasonFault } from '../../src/mfa/reason-fault.ts'
import { REASONS } from '../support/reasons.ts'

describe('a reason', () => {
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
    '\r\n\t\r\n',
    '\u2028\u2029',
    '\u200c\u200d\u200e\u200f\u2060\ufeff',
    '\u{e0067}\u{e0062}\u{e007f}',
    '\ue000',
  ])('of nothing that shows is blank: %j', reason => {
    expect(findReasonFault(reason)).toMatch(/^The reason must not be blank/)
  })

  it.each(['Lost phone', '4711', '丢失手机', 'مفقود', 'é', 'a\u3164', '\u3164a'])(
    'with a letter or digit is not: %j',
    reason => {
      expect(findReasonFault(reason)).toBeNull()
    },
  )

  it.each(REASONS)('may be %s', (_kind, reason) => {
    expect(findReasonFault(reason)).toBeNull()
  })

  it.each([
    ['NUL', '\0'],
    ['a bell', '\u0007'],
    ['an escape', '\u001b[2J'],
    ['a vertical tab', '\u000b'],
    ['a form feed', '\u000c'],
    ['a delete', '\u007f'],
    ['a next line (C1)', '\u0085'],
    ['a control sequence introducer (C1)', '\u009b2J'],
    ['the first half of a pair', '\ud83d'],
    ['the second half of a pair', '\udc68'],
    ['two halves in the wrong order', '\udc68\ud83d'],
    ['an unassigned code point', '\u0378'],
    ['an unassigned code point of an upper plane', '\u{3fffd}'],
    ['a noncharacter', '\ufdd0'],
    ['the last noncharacter', '\u{10ffff}'],
  ])('is refused for %s, wherever it stands, and told the way out', (_kind, character) => {
    for (const reason of [`${character}Lost`, `Lo${character}st`, `Lost${character}`]) {
      expect(findReasonFault(reason)).toMatch(/^The reason holds a control character .* Remove it\.$/)
    }
  })
})
