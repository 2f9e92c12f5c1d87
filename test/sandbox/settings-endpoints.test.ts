import { expect, test } from 'vitest'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { ADA, APPLICATION, createTokenCaller, type Params } from './clients.ts'

test('Factors of the pool are added by the one call and taken away by the other.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const before = await call('get-global-mfa-settings')
  expect(before.body).toMatchObject({ statusCode: 200, data: { enabledFactors: ['SMS', 'OTP', 'EMAIL'] } })
  const updated = await call('update-global-mfa-settings', { enabledFactors: ['FACE', 'SMS'] })
  expect(updated.body.data).toEqual({ enabledFactors: ['SMS', 'OTP', 'EMAIL', 'FACE'] })
  const disabled = await call('disable-global-mfa-settings', { disableFactors: ['SMS', 'EMAIL'] })
  expect(disabled.body.data).toEqual({ enabledFactors: ['OTP', 'FACE'] })
  expect((await call('get-global-mfa-settings')).body.data).toEqual({ enabledFactors: ['OTP', 'FACE'] })
})

test("An application's factors are switched both ways and show in its trigger data.", async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const { body } = await call('update-application-mfa-settings', {
    appId: APPLICATION,
    enabledFactors: ['EMAIL'],
    disabledFactors: ['SMS'],
  })
  expect(body).toMatchObject({ statusCode: 200, data: { enabledFactors: ['OTP', 'EMAIL'] } })
  const trigger = await call('get-mfa-trigger-data', { appId: APPLICATION, userId: ADA })
  expect(trigger.body.data).toMatchObject({ applicationMfa: [{ mfaPolicy: 'OTP' }, { mfaPolicy: 'EMAIL' }] })
  const unchanged = await call('update-application-mfa-settings', { appId: APPLICATION })
  expect(unchanged.body.data).toEqual({ enabledFactors: ['OTP', 'EMAIL'] })
})

test.each<{ endpoint: string; params: Params; names: string }>([
  { endpoint: 'update-global-mfa-settings', params: {}, names: 'enabledFactors' },
  { endpoint: 'update-global-mfa-settings', params: { enabledFactors: '["SMS"]' }, names: 'enabledFactors' },
  {
    endpoint: 'update-global-mfa-settings',
    params: { enabledFactors: ['PASSKEY'] },
    names: 'enabledFactors.0',
  },
  { endpoint: 'disable-global-mfa-settings', params: { disabledFactors: ['SMS'] }, names: 'disableFactors' },
  { endpoint: 'update-application-mfa-settings', params: { enabledFactors: ['SMS'] }, names: 'appId' },
  {
    endpoint: 'update-application-mfa-settings',
    params: { appId: APPLICATION, enabledFactors: ['SMS'], disabledFactors: ['OTP', 'SMS'] },
    names: 'disabledFactors',
  },
])('$endpoint with $params is refused with 400, naming $names', async ({ endpoint, params, names }) => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const { body } = await call(endpoint, params)
  expect(body).toMatchObject({ statusCode: 400, message: `参数 ${names} 格式错误` })
})

test('Settings of an unknown application are 404 with apiCode 2011.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const { body } = await call('update-application-mfa-settings', { appId: 'another' })
  expect(body).toMatchObject({ statusCode: 404, apiCode: 2011 })
})
