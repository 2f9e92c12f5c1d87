import { expect, it } from 'vitest'
import { type MfaBindings, toPosture } from '../../src/mfa/bindings.ts'

const BINDINGS: MfaBindings = { SMS: true, EMAIL: false, OTP: null, FACE: false }

it.each([
  ['nothing is listed', [], 'UNPROTECTED'],
  ['a bound factor is off', ['-SMS'], 'UNPROTECTED'],
  ['an unknown factor is off', ['-PASSKEY'], 'UNPROTECTED'],
  ['a bound factor is on', ['EMAIL', 'SMS'], 'PROTECTED'],
  ['what is on is not bound', ['EMAIL', 'FACE'], 'PENDING'],
  ['what is on is not bound, or nobody can tell', ['EMAIL', 'PASSKEY'], 'PENDING'],
  ['GenAuth cannot tell', ['OTP'], 'UNKNOWN'],
  ['only an unknown factor is on', ['PASSKEY', '-SMS'], 'UNKNOWN'],
] as const)('the posture where %s', (_where, codes, posture) => {
  const factors = codes.map((code, sort) => ({
    code: code.replace('-', ''),
    enabled: !code.startsWith('-'),
    sort,
  }))
  expect(toPosture(factors, BINDINGS)).toBe(posture)
})
