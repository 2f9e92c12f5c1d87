import { describe, expect, it } from 'vitest'
import { findPoolRevisionFault, toPoolCodes, toPoolPolicy } from '../../src/mfa/pool-policy.ts'

describe('the policy of the pool', () => {
  it('has the known factors in a fixed order, and all others as GenAuth names them', () => {
    const policy = toPoolPolicy(['PASSKEY', 'OTP', 'sms', 'SMS'])
    expect(policy).toMatchObject({ enabledFactors: ['SMS', 'OTP'], otherFactors: ['PASSKEY', 'sms'] })
    expect(toPoolCodes(policy)).toEqual(['SMS', 'OTP', 'PASSKEY', 'sms'])
  })

  it('has a revision that depends on what is on and not on the order', () => {
    const revisionOf = (...codes: string[]) => toPoolPolicy(codes).revision
    expect(revisionOf('SMS', 'OTP', 'PASSKEY')).toBe(revisionOf('PASSKEY', 'OTP', 'SMS'))
    const all = [[], ['SMS'], ['OTP'], ['SMS', 'OTP'], ['PASSKEY'], ['SMS', 'PASSKEY'], ['SMS,PASSKEY']]
    expect(new Set(all.map(codes => revisionOf(...codes))).size).toBe(all.length)
    expect(all.map(codes => findPoolRevisionFault(revisionOf(...codes)))).toEqual(all.map(() => null))
  })

  it('has no revision of a user', () => {
    expect(findPoolRevisionFault('r2.abc')).toContain('MfaPoolPolicy.revision')
  })
})
