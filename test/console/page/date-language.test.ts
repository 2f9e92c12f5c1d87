import { expect, it } from 'vitest'
import { toDateLanguage } from '../../../console/parts/date-language.ts'

it.each([
  ['en', ['en-GB', 'en-US'], 'en-GB', '27 Nov 2026'],
  ['en', ['de-DE', 'en-AU', 'en-US'], 'en-AU', '27 Nov 2026'],
  ['en', ['en-US'], 'en-US', 'Nov 27, 2026'],
  ['en', ['zh-CN', 'de-DE'], 'en', 'Nov 27, 2026'],
  ['en', ['en-US@posix', 'en-GB'], 'en-GB', '27 Nov 2026'],
  ['en', [], 'en', 'Nov 27, 2026'],
  ['zh-CN', ['en-GB', 'zh-SG'], 'zh-SG', '2026年11月27日'],
  ['zh-CN', ['zh-TW'], 'zh-CN', '2026年11月27日'],
  ['zh-CN', ['zh'], 'zh', '2026年11月27日'],
  ['zh-CN', ['en-GB'], 'zh-CN', '2026年11月27日'],
])('a page in %s writes dates for a browser that wants %j as %s: %s', (language, wanted, tag, date) => {
  const found = toDateLanguage(language, wanted)
  expect(found).toBe(tag)
  expect(new Date(2026, 10, 27).toLocaleDateString(found, { dateStyle: 'medium' })).toBe(date)
})
