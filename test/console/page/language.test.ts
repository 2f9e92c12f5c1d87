import { expect, it } from 'vitest'
import { toLanguage } from '../../../console/texts/texts.ts'

it.each([
  [['zh-CN', 'en'], 'zh-CN'],
  [['zh-Hant-TW'], 'zh-CN'],
  [['zh'], 'zh-CN'],
  [['de-DE', 'zh-CN'], 'zh-CN'],
  [['de-DE', 'en-GB', 'zh-CN'], 'en'],
  [['de'], 'en'],
  [[], 'en'],
])('a browser that wants %j gets %s', (wanted, language) => {
  expect(toLanguage(wanted)).toBe(language)
})
