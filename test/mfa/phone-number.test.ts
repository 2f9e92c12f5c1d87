import { expect, it } from 'vitest'
import { readCountryCode, readPhone } from '../../src/mfa/phone-number.ts'
import { createSeeds } from '../../src/sandbox/seeds.ts'

const DIGITS = 'A phone holds digits alone, with + and a country code before them if you know it.'
const ZEROS = 'Write + before the country code in place of 00.'
const NO_COUNTRY = 'No country has this country code. Correct it.'
const LENGTH = 'Phones with this country code have fewer or more digits. Correct the number.'
const TOO_LONG = 'A phone has at most 15 digits.'

const read = (text: string) => {
  const phone = readPhone(text)
  switch (phone.kind) {
    case 'INTERNATIONAL':
      return [phone.number.countryCode, phone.number.national, phone.number.e164]
    case 'NATIONAL':
      return phone.digits
    case 'FAULTY':
      return phone.fault
  }
}

it.each([
  ['as E.164', '+8613800000001', ['86', '13800000001', '+8613800000001']],
  ['as pasted', '+86 138 0000 0001', ['86', '13800000001', '+8613800000001']],
  ['with dashes, brackets and dots', '(+86) 138-0000.0001', ['86', '13800000001', '+8613800000001']],
  [
    'with a no-break blank and a long dash',
    '+86\u00a0138\u20130000\u22120001',
    ['86', '13800000001', '+8613800000001'],
  ],
  ['of one of the countries that share +1', '+1 (268) 460-1234', ['1', '2684601234', '+12684601234']],
  ['of another one', '+1 202 555 0104', ['1', '2025550104', '+12025550104']],
  ['of Italy, whose zero is a part of it', '+39 06 1234 5678', ['39', '0612345678', '+390612345678']],
  [
    'with a zero that is dialled within the country',
    '+44 (0)7700 900001',
    ['44', '7700900001', '+447700900001'],
  ],
  ['of a satellite', '+870 123456789', ['870', '123456789', '+870123456789']],
  ['without a country code', '138 0000 0001', '13800000001'],
  ['of a country with short ones', '4567', '4567'],
  ['of fifteen digits', '1'.repeat(15), '1'.repeat(15)],
  ['of sixteen', '1'.repeat(16), TOO_LONG],
  ['very long', '1'.repeat(100_000), TOO_LONG],
  ['very long with a +', `+86${'1'.repeat(100_000)}`, LENGTH],
  ['too short for its country', '+86138000', LENGTH],
  ['too long for its country', '+861380000000123', LENGTH],
  ['with its country code twice', '+868613800000001', LENGTH],
  ['with a 1 that is dialled within the country', '+113912345678', LENGTH],
  ['that is a country code alone', '+86', LENGTH],
  ['with a country code that nobody has', '+9991234567', NO_COUNTRY],
  ['with a country code that begins with zero', '+0861380000001', NO_COUNTRY],
  ['that begins with 00', '008613800000001', ZEROS],
  ['that begins with two pluses', '++8613800000001', DIGITS],
  ['with a plus inside', '+86+13800000001', DIGITS],
  ['as a link', 'tel:+8613800000001', DIGITS],
  ['with an extension', '+8613800000001 ext. 5', DIGITS],
  ['with an extension as in a link', '+8613800000001;ext=5', DIGITS],
  ['with letters', '+1 800 FLOWERS', DIGITS],
  ['with full-width digits', '１３８００00０００１', DIGITS],
  ['with a full-width plus', '＋8613800000001', DIGITS],
  ['with Arabic digits', '+٨٦١٣٨٠٠٠٠٠٠٠١', DIGITS],
  ['that is masked', '138****0001', DIGITS],
  ['with a zero-width blank', '138\u200b00000001', DIGITS],
  ['of separators alone', ' - ', DIGITS],
  ['that is a plus', '+', DIGITS],
  ['that is empty', '', DIGITS],
])('a phone %s', (_what, text, expected) => {
  expect(read(text)).toEqual(expected)
})

it.each<readonly [string, string]>([
  ['+86', '+86'],
  ['86', '+86'],
  [' +86 ', '+86'],
  ['+1', '+1'],
  ['+870', '+870'],
  ...['+999', '+8', '+87', '+1268', '+0', '0086', '', '+', 'CN', '+８６', '+86138', 'constructor'].map(
    code => [code, NO_COUNTRY] as const,
  ),
])('the country code %j is read as %j', (code, expected) => {
  const found = readCountryCode(code)
  expect('code' in found ? found.code : found.fault).toBe(expected)
})

it('every phone of the sandbox is split as its user has it', () => {
  const withPhone = createSeeds().filter(user => user.phone !== null)
  expect(withPhone.length).toBeGreaterThan(40)
  for (const { phone, phoneCountryCode } of withPhone) {
    expect(read(`${phoneCountryCode} ${phone}`)).toEqual([
      phoneCountryCode?.slice(1),
      phone,
      `${phoneCountryCode}${phone}`,
    ])
  }
})
