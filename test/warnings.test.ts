import { describe, expect, it } from 'vitest'
import { systemClock } from '../src/base/clock.ts'
import { startApp } from './support/app.ts'
import { CANARY } from './support/canaries.ts'
import { failing, ok, startFakeGenAuth, triggerData } from './support/fake-genauth.ts'

const SET = /* GraphQL */ `
  mutation ($input: SetUserMfaStatusInput!) {
    setUserMfaStatus(input: $input) {
      ... on SetUserMfaStatusSuccess { applied warnings { code message } }
      ... on SetUserMfaStatusPreview { warnings { code message } }
    }
  }
`
const NO_CONTACTS = { mfaPhone: null, mfaEmail: null }

describe('a warning', () => {
  it.each([
    ['nothing', { factors: [{ type: 'SMS' }, { type: 'EMAIL' }, { type: 'OTP' }] }, []],
    [
      'SMS without a phone',
      { factors: [{ type: 'OTP' }, { type: 'SMS' }], triggerData: NO_CONTACTS },
      ['SMS_WITHOUT_PHONE'],
    ],
    [
      'EMAIL without an address',
      { factors: [{ type: 'OTP' }, { type: 'EMAIL' }], triggerData: NO_CONTACTS },
      ['EMAIL_WITHOUT_EMAIL'],
    ],
    [
      'what is off',
      { factors: [{ type: 'OTP' }, { type: 'SMS', enabled: false }], triggerData: NO_CONTACTS },
      [],
    ],
    [
      'factors that are not bound',
      { factors: [{ type: 'EMAIL' }, { type: 'FACE', enabled: false }] },
      ['NO_BOUND_FACTOR'],
    ],
    ['the last known factor gone', { factors: [], allowNoFactor: true }, ['LAST_FACTOR_REMOVED']],
    ['the last known factor off', { disable: ['SMS', 'OTP'], allowNoFactor: true }, ['LAST_FACTOR_REMOVED']],
    [
      'a factor that the pool does not allow',
      { factors: [{ type: 'OTP' }, { type: 'FACE' }] },
      ['FACTOR_DISABLED_GLOBALLY'],
    ],
    [
      'all at once',
      { factors: [{ type: 'EMAIL' }, { type: 'FACE' }], triggerData: NO_CONTACTS },
      ['EMAIL_WITHOUT_EMAIL', 'NO_BOUND_FACTOR', 'FACTOR_DISABLED_GLOBALLY'],
    ],
  ])('for %s, in a set and in its dry run', async (_what, wish, codes) => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    genauth.reply('get-global-mfa-settings', ok({ enabledFactors: ['SMS', 'OTP', 'EMAIL', 'NEWER'] }))
    for (const dryRun of [true, false]) {
      const { data, errors } = await app.graphql(SET, { input: { userId: 'u', dryRun, ...wish } })
      expect(errors).toEqual([])
      expect(data.setUserMfaStatus.applied).toBe(dryRun ? undefined : true)
      expect(data.setUserMfaStatus.warnings.map(({ code }: { code: string }) => code)).toEqual(codes)
    }
  })

  it('of a last factor removed is not given where there was none, and is where nobody looked', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    genauth.stored = triggerData({ applicationMfa: [{ mfaPolicy: 'PASSKEY', status: 1, sort: 0 }] })
    const codesFor = async (more: object) => {
      const { data } = await app.graphql(SET, {
        input: { userId: 'u', factors: [{ type: 'SMS', enabled: false }], allowNoFactor: true, ...more },
      })
      return data.setUserMfaStatus.warnings.map(({ code }: { code: string }) => code)
    }
    expect(await codesFor({ dryRun: true })).toEqual([])
    expect(await codesFor({ triggerData: { mfaToken: CANARY.mfaToken } })).toEqual(['LAST_FACTOR_REMOVED'])
  })

  it('costs two reads, and the one of the pool once a minute', async () => {
    let nowMs = 0
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth, clock: { ...systemClock, monotonic: () => nowMs } })
    const input = { userId: 'u', factors: [{ type: 'SMS' }], triggerData: { mfaToken: CANARY.mfaToken } }
    const callsOfSet = async () => {
      await app.graphql(SET, { input })
      return app.takeCalls().sort()
    }
    expect(await callsOfSet()).toEqual(['get-global-mfa-settings', 'get-user-mfa-info', 'set-mfa-status'])
    expect(await callsOfSet()).toEqual(['get-user-mfa-info', 'set-mfa-status'])
    nowMs += 60_000
    expect(await callsOfSet()).toEqual(['get-global-mfa-settings', 'get-user-mfa-info', 'set-mfa-status'])
  })

  it('costs nothing where no factor is on', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    await app.graphql(SET, {
      input: { userId: 'u', factors: [], allowNoFactor: true, triggerData: { mfaToken: CANARY.mfaToken } },
    })
    expect(app.takeCalls()).toEqual(['set-mfa-status'])
  })

  it('is null with an error at its path when it cannot be found out, asked again next time, and the set stands', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    genauth.reply('get-global-mfa-settings', failing(601), ok({ enabledFactors: ['SMS'] }))
    const set = () => app.graphql(SET, { input: { userId: 'u', factors: [{ type: 'SMS' }] } })
    const first = await set()
    expect(first.data.setUserMfaStatus).toEqual({ applied: true, warnings: null })
    expect(first.errors).toMatchObject([
      { path: ['setUserMfaStatus', 'warnings'], extensions: { code: 'UPSTREAM_UNAVAILABLE' } },
    ])
    expect((await set()).data.setUserMfaStatus.warnings).toEqual([])
  })

  it.each([
    [['SMS', null, 'NEWER'], []],
    [['OTP', { factor: 'SMS' }], null],
    [[['SMS']], null],
    ['["SMS"]', null],
    [{ 0: 'SMS' }, null],
    [null, null],
  ])(
    'says of no factor that it is off for everybody where the list of the pool is %j',
    async (list, warnings) => {
      await using genauth = await startFakeGenAuth()
      await using app = await startApp({ upstream: genauth })
      genauth.reply('get-global-mfa-settings', ok({ enabledFactors: list }))
      const { data, errors } = await app.graphql(SET, { input: { userId: 'u', factors: [{ type: 'SMS' }] } })
      expect(data.setUserMfaStatus).toEqual({ applied: true, warnings })
      expect(errors).toHaveLength(warnings === null ? 1 : 0)
    },
  )
})
