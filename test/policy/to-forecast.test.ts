import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EMPTY_MFA_STATE, type MfaState } from '../../src/mfa/mfa-state.ts'
import type { ForecastVerdict } from '../../src/policy/forecast.ts'
import { type ForecastFacts, needsAccount } from '../../src/policy/forecast-facts.ts'
import { toForecast } from '../../src/policy/to-forecast.ts'

const APPLICATION = { id: 'a', name: 'A', identifier: 'a', type: 'web', hasOwnRules: true }
const ALWAYS = ['IDENTITY_SOURCE_POLICY', 'ADAPTIVE_POLICY', 'IP_LIST']

/** The facts of a row, shortly. A factor in brackets is off. */
interface Row {
  readonly offered: string
  readonly state?: Partial<MfaState>
  readonly otp?: boolean | null
  readonly face?: boolean | null
  readonly account?: { readonly phone?: string; readonly email?: string } | null
  readonly exemption?: ForecastFacts['exemption']
  readonly pipeline?: boolean | null
  readonly followsPool?: true
}

function toFacts(row: Row): ForecastFacts {
  const codes = row.offered.split(' ').filter(code => code !== '')
  const factors = codes.map((code, sort) => ({
    code: code.replace(/[()]/g, ''),
    enabled: !code.startsWith('('),
    sort,
  }))
  const { account = {} } = row
  return {
    application: { ...APPLICATION, hasOwnRules: !row.followsPool },
    triggerData: { ...EMPTY_MFA_STATE, ...row.state, factors },
    bindings: {
      SMS: null,
      EMAIL: null,
      OTP: row.otp === undefined ? false : row.otp,
      FACE: row.face === undefined ? false : row.face,
    },
    account: account && { phone: account.phone ?? null, email: account.email ?? null },
    exemption: row.exemption ?? 'NOT_EXEMPT',
    hasPipelineFunction: row.pipeline === undefined ? false : row.pipeline,
  }
}

const PHONE = { mfaPhone: '13800000001' }
const EMAIL = { mfaEmail: 'a@example.com' }

const ROWS: readonly [what: string, row: Row, verdict: ForecastVerdict, reasons: string, unknowns: string][] =
  [
    ['nothing is offered', { offered: '' }, 'NOT_ASKED', 'NO_FACTOR_DEMANDED', ''],
    [
      'nothing is offered, by the rules of the pool',
      { offered: '', followsPool: true },
      'NOT_ASKED',
      'APPLICATION_FOLLOWS_POOL NO_FACTOR_DEMANDED',
      '',
    ],
    ['SMS to a bound phone', { offered: 'SMS', state: PHONE }, 'CAN_PASS', 'FACTOR_BOUND:SMS', ''],
    ['EMAIL to a bound address', { offered: 'EMAIL', state: EMAIL }, 'CAN_PASS', 'FACTOR_BOUND:EMAIL', ''],
    ['OTP that is bound', { offered: 'OTP', otp: true }, 'CAN_PASS', 'FACTOR_BOUND:OTP', ''],
    ['FACE that is bound', { offered: 'FACE', face: true }, 'CAN_PASS', 'FACTOR_BOUND:FACE', ''],
    [
      'OTP, by the flag alone',
      { offered: 'OTP', otp: null, state: { totpMfaEnabled: true } },
      'CAN_PASS',
      'FACTOR_BOUND:OTP',
      '',
    ],
    [
      'OTP, the flag against the binding',
      { offered: 'OTP', otp: false, state: { totpMfaEnabled: true } },
      'MUST_ENROLL',
      'FACTOR_NOT_BOUND:OTP',
      'MAY_ENROLL',
    ],
    [
      'FACE, by the flag alone',
      { offered: 'FACE', face: null, state: { faceMfaEnabled: true } },
      'CAN_PASS',
      'FACTOR_BOUND:FACE',
      '',
    ],
    [
      'one bound factor of three',
      { offered: 'SMS EMAIL OTP', otp: true, account: null },
      'CAN_PASS',
      'FACTOR_NOT_BOUND:SMS FACTOR_NOT_BOUND:EMAIL FACTOR_BOUND:OTP',
      '',
    ],
    [
      'a bound factor that is not offered',
      { offered: 'OTP', state: { ...PHONE, ...EMAIL } },
      'MUST_ENROLL',
      'FACTOR_NOT_BOUND:OTP',
      'MAY_ENROLL',
    ],
    [
      'a bound factor that is off, and offered all the same',
      { offered: '(SMS)', state: PHONE },
      'CAN_PASS',
      'FACTOR_BOUND:SMS FACTOR_OFF_BUT_OFFERED:SMS',
      '',
    ],
    [
      'an unbound factor that is off',
      { offered: '(OTP)' },
      'MUST_ENROLL',
      'FACTOR_NOT_BOUND:OTP FACTOR_OFF_BUT_OFFERED:OTP',
      'MAY_ENROLL',
    ],
    ['OTP, not bound', { offered: 'OTP' }, 'MUST_ENROLL', 'FACTOR_NOT_BOUND:OTP', 'MAY_ENROLL'],
    [
      'OTP, not bound, by the rules of the pool',
      { offered: 'OTP', followsPool: true },
      'MUST_ENROLL',
      'APPLICATION_FOLLOWS_POOL FACTOR_NOT_BOUND:OTP',
      'MAY_ENROLL',
    ],
    [
      'SMS, where the state knows the phone of the account',
      { offered: 'SMS', state: { phone: '13800000001' }, account: null },
      'MUST_ENROLL',
      'FACTOR_NOT_BOUND:SMS',
      'MAY_ENROLL',
    ],
    [
      'SMS, where only the account knows its phone',
      { offered: 'SMS', account: { phone: '13800000001' } },
      'MUST_ENROLL',
      'FACTOR_NOT_BOUND:SMS',
      'MAY_ENROLL',
    ],
    [
      'EMAIL, where the account has an address',
      { offered: 'EMAIL', account: { email: 'a@example.com' } },
      'MUST_ENROLL',
      'FACTOR_NOT_BOUND:EMAIL',
      'MAY_ENROLL',
    ],
    [
      'SMS without any phone',
      { offered: 'SMS', state: { mfaPhone: '', phone: '' } },
      'CANNOT_PASS',
      'FACTOR_NOT_BOUND:SMS NO_CONTACT:SMS',
      'MAY_ENROLL',
    ],
    [
      'EMAIL without any address, though there is a phone',
      { offered: 'EMAIL', state: PHONE, account: { phone: '13800000001' } },
      'CANNOT_PASS',
      'FACTOR_NOT_BOUND:EMAIL NO_CONTACT:EMAIL',
      'MAY_ENROLL',
    ],
    [
      'SMS and EMAIL without any contact',
      { offered: 'SMS EMAIL' },
      'CANNOT_PASS',
      'FACTOR_NOT_BOUND:SMS NO_CONTACT:SMS FACTOR_NOT_BOUND:EMAIL NO_CONTACT:EMAIL',
      'MAY_ENROLL',
    ],
    [
      'SMS without a phone beside EMAIL with an address',
      { offered: 'SMS EMAIL', account: { email: 'a@example.com' } },
      'MUST_ENROLL',
      'FACTOR_NOT_BOUND:SMS NO_CONTACT:SMS FACTOR_NOT_BOUND:EMAIL',
      'MAY_ENROLL',
    ],
    [
      'SMS without a phone beside OTP',
      { offered: 'SMS OTP' },
      'MUST_ENROLL',
      'FACTOR_NOT_BOUND:SMS NO_CONTACT:SMS FACTOR_NOT_BOUND:OTP',
      'MAY_ENROLL',
    ],
    [
      'contacts that were not read',
      { offered: 'SMS EMAIL', account: null },
      'UNKNOWN',
      'FACTOR_NOT_BOUND:SMS FACTOR_NOT_BOUND:EMAIL',
      'MAY_ENROLL',
    ],
    ['FACE alone, not bound', { offered: 'FACE' }, 'UNKNOWN', 'FACTOR_NOT_BOUND:FACE', 'MAY_ENROLL'],
    [
      'FACE beside SMS without any phone',
      { offered: 'FACE SMS' },
      'UNKNOWN',
      'FACTOR_NOT_BOUND:FACE FACTOR_NOT_BOUND:SMS NO_CONTACT:SMS',
      'MAY_ENROLL',
    ],
    [
      'FACE beside OTP, neither bound',
      { offered: 'FACE OTP' },
      'MUST_ENROLL',
      'FACTOR_NOT_BOUND:FACE FACTOR_NOT_BOUND:OTP',
      'MAY_ENROLL',
    ],
    [
      'a code that this version does not know',
      { offered: 'PASSKEY' },
      'UNKNOWN',
      'ONLY_UNKNOWN_FACTORS BINDING_UNKNOWN:PASSKEY',
      '',
    ],
    [
      'an unknown code beside a bound factor',
      { offered: 'PASSKEY OTP', otp: true },
      'CAN_PASS',
      'BINDING_UNKNOWN:PASSKEY FACTOR_BOUND:OTP',
      '',
    ],
    [
      'an unknown code beside an unbound factor',
      { offered: 'PASSKEY OTP' },
      'MUST_ENROLL',
      'BINDING_UNKNOWN:PASSKEY FACTOR_NOT_BOUND:OTP',
      'MAY_ENROLL',
    ],
    [
      'an unknown code beside SMS without any phone',
      { offered: 'SMS PASSKEY' },
      'UNKNOWN',
      'FACTOR_NOT_BOUND:SMS NO_CONTACT:SMS BINDING_UNKNOWN:PASSKEY',
      'MAY_ENROLL',
    ],
    [
      'OTP of which GenAuth says nothing',
      { offered: 'OTP', otp: null },
      'UNKNOWN',
      'BINDING_UNKNOWN:OTP',
      '',
    ],
    [
      'OTP of which GenAuth says nothing beside an unbound factor',
      { offered: 'OTP SMS', otp: null, account: { phone: '1' } },
      'UNKNOWN',
      'BINDING_UNKNOWN:OTP FACTOR_NOT_BOUND:SMS',
      'MAY_ENROLL',
    ],
    [
      'a factor that GenAuth offers twice',
      { offered: 'OTP (OTP)', otp: true },
      'CAN_PASS',
      'FACTOR_BOUND:OTP FACTOR_OFF_BUT_OFFERED:OTP',
      '',
    ],
    [
      'a user who is exempt, and has nothing bound',
      { offered: 'OTP', exemption: 'EXEMPT' },
      'NOT_ASKED',
      'EXEMPT FACTOR_NOT_BOUND:OTP',
      '',
    ],
    [
      'a user who is exempt, where nothing is offered',
      { offered: '', exemption: 'EXEMPT' },
      'NOT_ASKED',
      'EXEMPT NO_FACTOR_DEMANDED',
      '',
    ],
    [
      'a user who may be exempt',
      { offered: 'OTP', exemption: 'UNKNOWN' },
      'MUST_ENROLL',
      'FACTOR_NOT_BOUND:OTP',
      'EXEMPTION_LIST MAY_ENROLL',
    ],
    [
      'a function before the second factor',
      { offered: 'OTP', otp: true, pipeline: true },
      'CAN_PASS',
      'FACTOR_BOUND:OTP',
      'PIPELINE_FUNCTION',
    ],
    [
      'functions that could not be read, and a user who may be exempt',
      { offered: '', pipeline: null, exemption: 'UNKNOWN' },
      'NOT_ASKED',
      'NO_FACTOR_DEMANDED',
      'PIPELINE_FUNCTION EXEMPTION_LIST',
    ],
  ]

describe('a forecast', () => {
  it.each(ROWS)('of %s', (_what, row, verdict, reasons, unknowns) => {
    const forecast = toForecast(toFacts(row))
    const toText = ({ code, factor }: { code: string; factor: string | null }) =>
      factor === null ? code : `${code}:${factor}`
    expect(forecast.verdict).toBe(verdict)
    expect(forecast.reasons.map(toText).join(' ')).toBe(reasons)
    expect(forecast.unknowns).toEqual([...ALWAYS, ...unknowns.split(' ').filter(one => one !== '')])
  })

  it('has the factors in the order of the sign-in', () => {
    const facts = toFacts({ offered: 'SMS OTP', otp: true })
    const factors = facts.triggerData.factors.map(factor => ({ ...factor, sort: 9 - factor.sort }))
    const forecast = toForecast({ ...facts, triggerData: { ...facts.triggerData, factors } })
    expect(forecast.factors).toEqual([
      { code: 'OTP', type: 'OTP', switchedOn: true, sort: 8, bound: true },
      { code: 'SMS', type: 'SMS', switchedOn: true, sort: 9, bound: false },
    ])
  })
})

describe('whether the account has to be read', () => {
  it.each<[what: string, row: Row, expected: boolean]>([
    ['nothing is offered', { offered: '' }, false],
    ['a factor is bound', { offered: 'EMAIL OTP', otp: true }, false],
    ['only OTP is offered', { offered: 'OTP' }, false],
    ['an unbound EMAIL is offered', { offered: 'EMAIL' }, true],
    ['an unbound SMS is offered', { offered: 'SMS' }, true],
    ['the state knows the phone', { offered: 'SMS', state: { phone: '1' } }, false],
  ])('where %s', (_what, row, expected) => {
    expect(needsAccount(toFacts(row))).toBe(expected)
  })
})

describe('any forecast', () => {
  const text = fc.constantFrom(null, '', 'x')
  const flag = fc.constantFrom(null, true, false)
  const factor = fc.record({
    code: fc.constantFrom('SMS', 'EMAIL', 'OTP', 'FACE', 'PASSKEY', 'toString'),
    enabled: fc.boolean(),
    sort: fc.integer(),
  })
  const anyFacts: fc.Arbitrary<ForecastFacts> = fc.record({
    application: fc.record({
      id: fc.constant('a'),
      name: text,
      identifier: text,
      type: text,
      hasOwnRules: flag,
    }),
    triggerData: fc.record({
      mfaPhone: text,
      mfaPhoneCountryCode: text,
      mfaEmail: text,
      nickname: text,
      username: text,
      phone: text,
      phoneCountryCode: text,
      totpMfaEnabled: flag,
      faceMfaEnabled: flag,
      factors: fc.array(factor, { maxLength: 6 }),
    }),
    bindings: fc.record({ SMS: flag, EMAIL: flag, OTP: flag, FACE: flag }),
    account: fc.option(fc.record({ phone: text, email: text })),
    exemption: fc.constantFrom('EXEMPT', 'NOT_EXEMPT', 'UNKNOWN'),
    hasPipelineFunction: flag,
  })

  it('says that the user can pass only with a factor that is offered and bound', () => {
    fc.assert(
      fc.property(anyFacts, facts => {
        const { verdict, factors } = toForecast(facts)
        const isBound = factors.some(({ type, bound }) => type !== null && bound === true)
        if (verdict === 'CAN_PASS') expect(isBound).toBe(true)
        if (verdict === 'CANNOT_PASS' || verdict === 'MUST_ENROLL') expect(isBound).toBe(false)
      }),
    )
  })

  it('always names what cannot be seen, and gives a reason', () => {
    fc.assert(
      fc.property(anyFacts, facts => {
        const { reasons, unknowns } = toForecast(facts)
        expect(unknowns).toEqual(expect.arrayContaining(ALWAYS))
        expect(reasons.length).toBeGreaterThan(0)
        for (const list of [unknowns, reasons.map(reason => JSON.stringify(reason))]) {
          expect(new Set(list).size).toBe(list.length)
        }
      }),
    )
  })
})
