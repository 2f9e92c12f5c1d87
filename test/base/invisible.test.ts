import { expect, it } from 'vitest'
import { escapeInvisible, toAsciiJson } from '../../src/base/invisible.ts'
import { REASONS } from '../support/reasons.ts'

it.each(REASONS)('of %s escapes what cannot be seen and keeps the text', (_kind, reason) => {
  const json = JSON.stringify({ reason })
  const escaped = escapeInvisible(json)
  expect(JSON.parse(escaped)).toEqual({ reason })
  expect(escaped).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u)
  expect(JSON.parse(toAsciiJson(json))).toEqual({ reason })
  expect(toAsciiJson(escaped)).toBe(toAsciiJson(json))
})

it.each([
  ['letters stay', '丢失 مفقود é', '"丢失 مفقود é"'],
  ['a mark that turns the direction', 'a\u202eb', '"a\\u202eb"'],
  ['a control sequence of one byte', '\u009b2J', '"\\u009b2J"'],
  ['a tag of an upper plane', '\u{e0067}', '"\\udb40\\udc67"'],
  ['a backslash before a u is no escape', '\\u202e', '"\\\\u202e"'],
])('%s: %j', (_what, text, expected) => {
  expect(escapeInvisible(JSON.stringify(text))).toBe(expected)
})
