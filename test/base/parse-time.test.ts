import { expect, it } from 'vitest'
import { parseTime } from '../../src/base/parse-time.ts'

it.each([
  ['2026-11-26T10:42:07Z', '2026-11-26T10:42:07.000Z'],
  ['2026-11-26T10:42:07.5Z', '2026-11-26T10:42:07.500Z'],
  ['2026-11-26T10:42:07.123456789Z', '2026-11-26T10:42:07.123Z'],
  ['2026-11-26T10:42Z', '2026-11-26T10:42:00.000Z'],
  ['2026-11-26T10:42:07+08:00', '2026-11-26T02:42:07.000Z'],
  ['2026-11-26T10:42:07-23:59', '2026-11-27T10:41:07.000Z'],
  ['2026-11-26T10:42:07-00:00', '2026-11-26T10:42:07.000Z'],
  ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
  ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
  ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
])('%s is the time %s, which is the same when it is read again', (text, expected) => {
  const written = parseTime(text)?.toISOString()
  expect(written).toBe(expected)
  expect(parseTime(expected)?.toISOString()).toBe(expected)
})

it.each([
  ['of a year with five digits in UTC', '9999-12-31T23:59:59-00:01'],
  ['of a year before 0000 in UTC', '0000-01-01T00:00:00+00:01'],
  ['with five digits in its year', '+010000-01-01T00:00:00.000Z'],
  ['of a day that is not', '2026-02-29T00:00:00Z'],
  ['of a day that is not in any month', '2026-01-32T00:00:00Z'],
  ['of a month that is not', '2026-13-01T00:00:00Z'],
  ['at 24 hours', '2026-11-26T24:00:00Z'],
  ['in minute 60', '2026-11-26T10:60:00Z'],
  ['in second 60', '2026-12-31T23:59:60Z'],
  ['of an offset of a day', '2026-11-26T10:42:07+24:00'],
  ['of an offset of 60 minutes', '2026-11-26T10:42:07+08:60'],
  ['of an offset without a colon', '2026-11-26T10:42:07+0800'],
  ['of no zone', '2026-11-26T10:42:07'],
  ['of no time of day', '2026-11-26'],
  ['with a blank in place of T', '2026-11-26 10:42:07Z'],
  ['in small letters', '2026-11-26t10:42:07z'],
  ['with a blank behind it', '2026-11-26T10:42:07Z '],
  ['with a line behind it', '2026-11-26T10:42:07Z\n'],
  ['with a point and no fraction', '2026-11-26T10:42:07.Z'],
  ['in words', 'Thu, 26 Nov 2026 10:42:07 GMT'],
  ['in milliseconds', '1795689727000'],
  ['of nothing', ''],
])('a text %s is no time', (_what, text) => {
  expect(parseTime(text)).toBeNull()
})
