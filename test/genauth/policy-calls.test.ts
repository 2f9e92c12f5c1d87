import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { createDeadline } from '../../src/base/deadline.ts'
import type { GenAuthClient } from '../../src/genauth/client.ts'
import { ownCallContext } from '../../src/mfa/call-context.ts'
import { isCallMissing } from '../../src/policy/is-call-missing.ts'
import { type FakeGenAuth, failing, ok, type Reply, startFakeGenAuth } from '../support/fake-genauth.ts'
import { createClient } from '../support/sandbox-client.ts'

const APPLICATION = {
  appId: 'app-1',
  appName: 'Desk',
  appIdentifier: 'desk',
  appType: 'web',
  customSecurityEnabled: true,
  oidcConfig: { client_secret: 'never-shown' },
}

let genauth: FakeGenAuth
let client: GenAuthClient
beforeAll(async () => {
  genauth = await startFakeGenAuth()
  client = createClient({
    url: genauth.env['GENAUTH_URL'] ?? '',
    accessKeyId: genauth.env['GENAUTH_ACCESS_KEY_ID'] ?? '',
    accessKeySecret: genauth.env['GENAUTH_ACCESS_KEY_SECRET'] ?? '',
  })
})
afterAll(async () => {
  await client.close()
  await genauth[Symbol.asyncDispose]()
})
beforeEach(() => genauth.reset())

const upstream = () => client.upstreamFor(ownCallContext(createDeadline(10_000, systemClock)))

describe('the factors of the pool', () => {
  const settings = (enabledFactors: unknown) =>
    genauth.reply('get-global-mfa-settings', ok({ enabledFactors }))

  it('are read as GenAuth has them, each once and with those that this version does not know', async () => {
    settings(['OTP', 'PASSKEY', null, 'OTP', 'SMS'])
    expect(await upstream().readPoolFactors()).toEqual({ ok: true, value: ['OTP', 'PASSKEY', 'SMS'] })
    expect(await upstream().readGlobalFactors()).toEqual({ ok: true, value: ['OTP', 'SMS'] })
  })

  it.each([
    ['no list', undefined],
    ['text', '["SMS"]'],
    ['an object in the list', ['SMS', {}]],
    ['a list too long', Array.from({ length: 65 }, (_, n) => `F${n}`)],
  ])('are not read from %s', async (_what, enabledFactors) => {
    settings(enabledFactors)
    expect(await upstream().readPoolFactors()).toMatchObject({ failure: { reason: 'FAULTY_ANSWER' } })
  })

  it('are switched on by enabledFactors, with a "d", and off by disableFactors, without one', async () => {
    for (const endpoint of ['update-global-mfa-settings', 'disable-global-mfa-settings']) {
      genauth.reply(endpoint, ok({ enabledFactors: [] }))
    }
    expect(await upstream().addPoolFactors(['SMS', 'PASSKEY'])).toMatchObject({ ok: true })
    expect(await upstream().disablePoolFactors(['OTP'])).toMatchObject({ ok: true })
    expect(genauth.seenOf('update-global-mfa-settings')).toMatchObject([
      { method: 'POST', params: { enabledFactors: ['SMS', 'PASSKEY'] } },
    ])
    expect(genauth.seenOf('disable-global-mfa-settings')).toMatchObject([
      { method: 'POST', params: { disableFactors: ['OTP'] } },
    ])
  })

  it.each<[string, Reply, boolean]>([
    ['404 of GenAuth', failing(404), true],
    ['501 of GenAuth', failing(501), true],
    ['a page with 404', { status: 404, body: '<html>not here</html>' }, true],
    ['a page with 403', { status: 403, body: '<html>not you</html>' }, false],
    ['403 of GenAuth', failing(403), false],
    ['402 of GenAuth', failing(402), false],
    ['500 of GenAuth', failing(500), false],
    ['no list', { body: { statusCode: 409, message: '' } }, false],
  ])(
    'cannot be switched off where the call is missing, as %s says or does not',
    async (_what, reply, expected) => {
      genauth.reply('disable-global-mfa-settings', reply)
      const replied = await upstream().disablePoolFactors(['SMS'])
      expect(!replied.ok && isCallMissing(replied.failure)).toBe(expected)
    },
  )
})

describe('an application', () => {
  it.each([
    [true, true],
    ['false', false],
    [undefined, null],
    ['perhaps', null],
  ])('with customSecurityEnabled %s has own rules: %s', async (customSecurityEnabled, hasOwnRules) => {
    genauth.reply('get-application', ok({ ...APPLICATION, customSecurityEnabled }))
    expect(await upstream().readApplication('app-1')).toEqual({
      ok: true,
      value: { id: 'app-1', name: 'Desk', identifier: 'desk', type: 'web', hasOwnRules },
    })
  })

  it.each<[string, Reply]>([
    ['404', failing(404)],
    ['apiCode 2011 under any status', failing(400, 2011)],
    ['another application', ok({ ...APPLICATION, appId: 'app-2' })],
  ])('is not found where GenAuth replies with %s', async (_what, reply) => {
    genauth.reply('get-application', reply)
    expect(await upstream().readApplication('app-1')).toMatchObject({ failure: { kind: 'USER_NOT_FOUND' } })
  })

  it.each([
    [{ enable: ['SMS'], disable: [] }, { enabledFactors: ['SMS'] }],
    [{ enable: [], disable: ['OTP'] }, { disabledFactors: ['OTP'] }],
    [
      { enable: ['SMS'], disable: ['OTP', 'FACE'] },
      { enabledFactors: ['SMS'], disabledFactors: ['OTP', 'FACE'] },
    ],
  ] as const)('gets the patch %j as %j', async (change, params) => {
    genauth.reply('update-application-mfa-settings', ok({ enabledFactors: ['SMS', 'PASSKEY'] }))
    expect(await upstream().switchApplicationFactors('app-1', change)).toEqual({
      ok: true,
      value: ['SMS', 'PASSKEY'],
    })
    expect(genauth.seenOf('update-application-mfa-settings').map(request => request.params)).toEqual([
      { appId: 'app-1', ...params },
    ])
  })

  it('is never sent a patch without a factor', async () => {
    const sent = upstream().switchApplicationFactors('app-1', { enable: [], disable: [] })
    await expect(sent).rejects.toThrow('names no factor')
    expect(genauth.seen).toEqual([])
  })
})
