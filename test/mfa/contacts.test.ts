import { describe, expect, it } from 'vitest'
import { readContacts } from '../../src/mfa/contacts.ts'
import { findEmailFault } from '../../src/mfa/email-fault.ts'

describe('the contacts of a change', () => {
  it.each([
    ['nothing', {}, {}],
    [
      'a phone with its country code',
      { mfaPhone: '+86 138-0000-0001' },
      { mfaPhone: '13800000001', mfaPhoneCountryCode: '+86' },
    ],
    [
      'a phone with the country code that stands beside it',
      { mfaPhone: '+8613800000001', mfaPhoneCountryCode: '86' },
      { mfaPhone: '13800000001', mfaPhoneCountryCode: '+86' },
    ],
    ['a phone without one', { mfaPhone: '138 0000 0001' }, { mfaPhone: '13800000001' }],
    [
      'a phone beside its country code, with the zero that is dialled',
      { mfaPhone: '07700 900001', mfaPhoneCountryCode: '+44' },
      { mfaPhone: '7700900001', mfaPhoneCountryCode: '+44' },
    ],
    [
      'a phone of Italy beside its country code',
      { mfaPhone: '06 1234 5678', mfaPhoneCountryCode: '39' },
      { mfaPhone: '0612345678', mfaPhoneCountryCode: '+39' },
    ],
    ['a country code alone', { mfaPhoneCountryCode: '86' }, { mfaPhoneCountryCode: '+86' }],
    [
      'nulls',
      { mfaPhone: null, mfaPhoneCountryCode: null, mfaEmail: null },
      { mfaPhone: null, mfaPhoneCountryCode: null, mfaEmail: null },
    ],
    [
      'a phone whose country code is cleared',
      { mfaPhone: '13800000001', mfaPhoneCountryCode: null },
      { mfaPhone: '13800000001', mfaPhoneCountryCode: null },
    ],
    ['the phone of the account', { phone: '+12025550104' }, { phone: '2025550104', phoneCountryCode: '+1' }],
    [
      'the rest as it is',
      { mfaEmail: 'Ada+1@Example.com', nickname: '+86', totpMfaEnabled: true },
      { mfaEmail: 'Ada+1@Example.com', nickname: '+86', totpMfaEnabled: true },
    ],
  ])('%s', (_what, fields, expected) => {
    expect(readContacts(fields)).toEqual({ fields: expected, faults: [] })
  })

  it.each([
    ['a phone with letters', { mfaPhone: 'call me' }, 'mfaPhone'],
    ['a phone that is empty', { mfaPhone: '' }, 'mfaPhone'],
    ['a phone as the result shows it', { mfaPhone: '138****0001' }, 'mfaPhone'],
    ['a phone that is too short anywhere', { mfaPhone: '123' }, 'mfaPhone'],
    [
      'a phone that is too short for the country beside it',
      { mfaPhone: '12345', mfaPhoneCountryCode: '+86' },
      'mfaPhone',
    ],
    [
      'a phone of another country than the one beside it',
      { mfaPhone: '13912345678', mfaPhoneCountryCode: '+1' },
      'mfaPhone',
    ],
    [
      'a country code that nobody has',
      { mfaPhone: '13800000001', mfaPhoneCountryCode: '+999' },
      'mfaPhoneCountryCode',
    ],
    ['the same in the phone', { mfaPhone: '+9991234567' }, 'mfaPhone'],
    [
      'two country codes that differ',
      { mfaPhone: '+8613800000001', mfaPhoneCountryCode: '+1' },
      'mfaPhoneCountryCode',
    ],
    [
      'a country code that is cleared beside another',
      { mfaPhone: '+8613800000001', mfaPhoneCountryCode: null },
      'mfaPhoneCountryCode',
    ],
    ['the phone of the account', { phone: 'none' }, 'phone'],
    ['its country code', { phoneCountryCode: 'CN' }, 'phoneCountryCode'],
    ['an address without a domain', { mfaEmail: 'ada@' }, 'mfaEmail'],
  ])('are refused: %s', (_what, fields, path) => {
    const { faults } = readContacts(fields)
    expect(faults.map(fault => fault.path)).toEqual([[path]])
    for (const value of Object.values(fields)) {
      if (value) expect(faults[0]?.message).not.toContain(value)
    }
  })

  it('are refused all together', () => {
    const fields = { mfaPhone: 'x', phone: 'x', mfaEmail: 'x', mfaPhoneCountryCode: '+86' }
    expect(readContacts(fields).faults.map(({ path }) => path)).toEqual([
      ['mfaPhone'],
      ['phone'],
      ['mfaEmail'],
    ])
  })
})

it.each([
  ['plain', 'ada@example.com', true],
  ['with capitals, a plus and dots', 'Ada.L+desk@Mail.Example.COM', true],
  ['with every character that needs no quotes', "a!#$%&'+/=?^_`{|}~-z@example.com", true],
  ['of an international domain in Punycode', 'ada@xn--bcher-kva.example', true],
  ['without a domain', 'ada@', false],
  ['without a mailbox', '@example.com', false],
  ['without an @', 'ada.example.com', false],
  ['with a domain of one word', 'ada@localhost', false],
  ['with two @', 'ada@bob@example.com', false],
  ['with quotes', '"ada lovelace"@example.com', false],
  ['with a blank at its end', 'ada@example.com ', false],
  ['with a line break', 'ada@example.com\r\nbcc: eve@example.com', false],
  ['with a name around it', 'Ada <ada@example.com>', false],
  ['of a machine', 'ada@[127.0.0.1]', false],
  ['of an IP address', 'ada@127.0.0.1', false],
  ['with two dots in the mailbox', 'a..b@example.com', false],
  ['with a dot at an end of the mailbox', 'ada.@example.com', false],
  ['with two dots in the domain', 'ada@example..com', false],
  ['with a dash at an end of a label', 'ada@-example.com', false],
  ['of an international domain', 'ada@bücher.example', false],
  ['with a letter that looks like another', 'аda@example.com', false],
  ['with a full-width @', 'ada＠example.com', false],
  ['as the result shows it', 'a***@example.com', false],
  ['with a mailbox of 65 characters', `${'a'.repeat(65)}@example.com`, false],
  ['of 255 characters', `ada@${'a.'.repeat(124)}com`, false],
  ['very long', `${'a'.repeat(100_000)}@example.com`, false],
  ['of very many dots', `${'a.'.repeat(50_000)}@example.com`, false],
  ['empty', '', false],
])('an e-mail address %s', (_what, email, isPlausible) => {
  expect(findEmailFault(email) === null).toBe(isPlausible)
})
