import { describe, expect, it } from 'vitest'
import { toCsvRecord } from '../../src/coverage/exporting/csv-record.ts'

describe('a record of a CSV file', () => {
  it.each([
    ['plain texts', ['a', 'b c'], 'a,b c'],
    ['what is not known', ['a', null, ''], 'a,,'],
    ['a comma', ['a,b'], '"a,b"'],
    ['quotes', ['say "so"'], '"say ""so"""'],
    ['a line break within', ['a\nb', 'c\rd'], '"a\nb","c\rd"'],
    ['a blank at an end', [' a '], ' a '],
  ])('holds %s as RFC 4180 says', (_what, fields, line) => {
    expect(toCsvRecord(fields)).toBe(`${line}\r\n`)
  })

  it.each([
    ['=1+1', "'=1+1"],
    ['+86 1', "'+86 1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['\rx', '"\'\rx"'],
    ['\nx', '"\'\nx"'],
    [' =1', "' =1"],
    ['\u00a0=1', "'\u00a0=1"],
    ['\u200b=1', "'\u200b=1"],
    ['\u0000=1', "'\u0000=1"],
    ['＝1', "'＝1"],
    ['－1', "'－1"],
    ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
    ["'=1", "'=1"],
    ['a=1', 'a=1'],
    ['2026-01-01', '2026-01-01'],
  ])('lets no spreadsheet run %j', (text, field) => {
    expect(toCsvRecord([text])).toBe(`${field}\r\n`)
  })
})
