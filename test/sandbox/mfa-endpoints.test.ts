import { decodeJwt } from 'jose'
import { expect, test } from 'vitest'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { ADA, ALAN, APPLICATION, BARBARA, CHARLES, createTokenCaller, GRACE, type Params } from './clients.ts'

const MINIMAL_DATA = { mfaToken: 'placeholder', applicationMfa: [] }
const FULL_DATA = {
  mfaPhone: '13800000099',
  mfaPhoneCountryCode: '+86',
  mfaEmail: 'ada.mfa@example.org',
  nickname: 'Countess',
  username: 'ada-l',
  phone: '13800000098',
  phoneCountryCode: '+86',
  faceMfaEnabled: true,
  totpMfaEnabled: false,
  applicationMfa: [
    { mfaPolicy: 'EMAIL', status: 1, sort: 3 },
    { mfaPolicy: 'CARRIER_PIGEON', status: 0, sort: 0 },
  ],
}

test('The showcase user has SMS and OTP on and bound, and EMAIL off.', async () => {
  const nowMs = Date.UTC(2026, 0, 15, 12)
  await using sandbox = await startSandbox({ port: 0, now: () => nowMs })
  const call = await createTokenCaller(sandbox)
  const { body } = await call('get-mfa-status', { userId: ADA })
  expect(body).toEqual({
    statusCode: 200,
    message: '',
    requestId: expect.stringMatching(/^[\da-f-]{36}$/),
    data: {
      mfaToken: expect.any(String),
      mfaPhone: '13800000001',
      mfaPhoneCountryCode: '+86',
      mfaEmail: null,
      nickname: 'Ada',
      username: 'ada',
      phone: '13800000001',
      phoneCountryCode: '+86',
      faceMfaEnabled: false,
      totpMfaEnabled: true,
      applicationMfa: [
        { mfaPolicy: 'SMS', status: 1, sort: 0 },
        { mfaPolicy: 'OTP', status: 1, sort: 1 },
        { mfaPolicy: 'EMAIL', status: 0, sort: 2 },
      ],
    },
  })
})

test('An mfaToken is a JWT about that user which lasts 6 minutes, minted anew at every read.', async () => {
  let nowMs = Date.UTC(2026, 0, 15, 12)
  await using sandbox = await startSandbox({ port: 0, now: () => nowMs })
  const call = await createTokenCaller(sandbox)
  for (const { endpoint, params } of [
    { endpoint: 'get-mfa-status', params: { userId: ADA } },
    { endpoint: 'get-mfa-trigger-data', params: { userId: ADA, appId: APPLICATION } },
    { endpoint: 'get-mfa-status', params: { userId: ADA } },
  ]) {
    nowMs += 1000
    const { body } = await call(endpoint, params)
    expect(decodeJwt((body.data as { mfaToken: string }).mfaToken)).toEqual({
      data: { userPoolId: sandbox.userPoolId, userId: ADA, arn: expect.stringContaining(ADA), stage: 1 },
      iat: nowMs / 1000,
      exp: nowMs / 1000 + 360,
    })
  }
})

test('Where nothing was ever stored there is an empty list, and nothing is bound.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  expect((await call('get-mfa-status', { userId: ALAN })).body).toMatchObject({
    statusCode: 200,
    data: { applicationMfa: [], mfaPhone: null, totpMfaEnabled: false, username: 'alan' },
  })
  expect((await call('get-user-mfa-info', { userId: ALAN })).body.data).toEqual({
    totpStatus: 'disabled',
    faceMfaStatus: 'disabled',
    smsMfaStatus: 'disabled',
    emailMfaStatus: 'disabled',
  })
})

test('What is set is read back as it was set, unknown factors included, and shows as bindings.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const set = await call('set-mfa-status', { userId: ADA, mfaTriggerData: { ...MINIMAL_DATA, ...FULL_DATA } })
  expect(set.body).toMatchObject({ statusCode: 200, data: { success: true } })
  const { body } = await call('get-mfa-status', { userId: ADA })
  expect(body.data).toEqual({ mfaToken: expect.any(String), ...FULL_DATA })
  expect((await call('get-user-mfa-info', { userId: ADA })).body.data).toEqual({
    totpStatus: 'disabled',
    faceMfaStatus: 'enabled',
    smsMfaStatus: 'enabled',
    emailMfaStatus: 'enabled',
  })
})

test('A set replaces the whole: what is left out is gone, null and absence alike.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  for (const mfaTriggerData of [MINIMAL_DATA, { ...MINIMAL_DATA, mfaPhone: null, username: null }]) {
    await call('set-mfa-status', { userId: ADA, mfaTriggerData: { ...MINIMAL_DATA, ...FULL_DATA } })
    await call('set-mfa-status', { userId: ADA, mfaTriggerData })
    expect((await call('get-mfa-status', { userId: ADA })).body.data).toEqual({
      mfaToken: expect.any(String),
      mfaPhone: null,
      mfaPhoneCountryCode: null,
      mfaEmail: null,
      nickname: 'Ada',
      username: 'ada',
      phone: '13800000001',
      phoneCountryCode: '+86',
      faceMfaEnabled: false,
      totpMfaEnabled: false,
      applicationMfa: [],
    })
  }
})

test('A set touches nobody else, and nothing outlives the sandbox.', async () => {
  {
    await using sandbox = await startSandbox({ port: 0 })
    const call = await createTokenCaller(sandbox)
    await call('set-mfa-status', { userId: 'ada', userIdType: 'username', mfaTriggerData: MINIMAL_DATA })
    const barbara = await call('get-mfa-status', { userId: BARBARA })
    expect(barbara.body.data).toMatchObject({
      applicationMfa: [{ mfaPolicy: 'SMS' }, { mfaPolicy: 'PASSKEY' }, { mfaPolicy: 'OTP' }],
    })
  }
  await using next = await startSandbox({ port: 0 })
  const { body } = await (await createTokenCaller(next))('get-mfa-status', { userId: ADA })
  expect(body.data).toMatchObject({ applicationMfa: [{}, {}, {}] })
})

const entry = { mfaPolicy: 'SMS', status: 1, sort: 0 }

test.each<{ what: string; params: Params; names: string }>([
  { what: 'no user', params: { mfaTriggerData: MINIMAL_DATA }, names: 'userId' },
  { what: 'an empty user', params: { userId: '', mfaTriggerData: MINIMAL_DATA }, names: 'userId' },
  { what: 'a number for a user', params: { userId: 1, mfaTriggerData: MINIMAL_DATA }, names: 'userId' },
  {
    what: 'an unknown id type',
    params: { userId: ADA, userIdType: 'USER_ID', mfaTriggerData: MINIMAL_DATA },
    names: 'userIdType',
  },
  { what: 'no trigger data', params: { userId: ADA }, names: 'mfaTriggerData' },
  { what: 'no token', params: toParams({ mfaToken: undefined }), names: 'mfaTriggerData.mfaToken' },
  { what: 'an empty token', params: toParams({ mfaToken: '' }), names: 'mfaTriggerData.mfaToken' },
  { what: 'a null token', params: toParams({ mfaToken: null }), names: 'mfaTriggerData.mfaToken' },
  {
    what: 'no list',
    params: toParams({ applicationMfa: undefined }),
    names: 'mfaTriggerData.applicationMfa',
  },
  {
    what: 'a list that is an object',
    params: toParams({ applicationMfa: entry }),
    names: 'mfaTriggerData.applicationMfa',
  },
  {
    what: 'a factor that is a number',
    params: toParams({ applicationMfa: [{ ...entry, mfaPolicy: 1 }] }),
    names: 'mfaTriggerData.applicationMfa.0.mfaPolicy',
  },
  {
    what: 'a status that is a boolean',
    params: toParams({ applicationMfa: [entry, { ...entry, status: true }] }),
    names: 'mfaTriggerData.applicationMfa.1.status',
  },
  {
    what: 'no sort',
    params: toParams({ applicationMfa: [{ mfaPolicy: 'SMS', status: 1 }] }),
    names: 'mfaTriggerData.applicationMfa.0.sort',
  },
  { what: 'a phone that is a number', params: toParams({ mfaPhone: 138 }), names: 'mfaTriggerData.mfaPhone' },
  {
    what: 'a flag that is text',
    params: toParams({ totpMfaEnabled: 'true' }),
    names: 'mfaTriggerData.totpMfaEnabled',
  },
])('A set with $what is refused with 400, names $names, and stores nothing.', async ({ params, names }) => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const { httpStatus, body } = await call('set-mfa-status', params)
  expect(httpStatus).toBe(200)
  expect(body).toMatchObject({ statusCode: 400, message: `参数 ${names} 格式错误` })
  expect(body).not.toHaveProperty('data')
  expect((await call('get-mfa-status', { userId: ADA })).body.data).toMatchObject({
    applicationMfa: [{}, {}, {}],
  })
})

function toParams(changes: Params): Params {
  return { userId: ADA, mfaTriggerData: { ...MINIMAL_DATA, ...changes } }
}

test('A key that the API does not document is ignored.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const set = await call('set-mfa-status', { ...toParams({ passkeyEnabled: true }), reason: 'x' })
  expect(set.body).toMatchObject({ statusCode: 200 })
  expect((await call('get-mfa-status', { userId: ADA })).body.data).not.toHaveProperty('passkeyEnabled')
})

test('A suspended user can be read but not set.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const { httpStatus, body } = await call('set-mfa-status', { userId: CHARLES, mfaTriggerData: MINIMAL_DATA })
  expect(httpStatus).toBe(200)
  expect(body).toMatchObject({ statusCode: 422, apiCode: 2005 })
  const status = await call('get-mfa-status', { userId: CHARLES })
  expect(status.body).toMatchObject({ statusCode: 200, data: { applicationMfa: [{ mfaPolicy: 'OTP' }] } })
})

test("Trigger data holds the application's factors and the user's bindings.", async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const { body } = await call('get-mfa-trigger-data', { userId: GRACE, appId: APPLICATION })
  expect(body).toMatchObject({
    statusCode: 200,
    data: {
      username: 'grace',
      mfaPhone: null,
      applicationMfa: [
        { mfaPolicy: 'SMS', status: 1, sort: 0 },
        { mfaPolicy: 'OTP', status: 1, sort: 1 },
      ],
    },
  })
})

test('Trigger data needs an application that exists.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const unknown = await call('get-mfa-trigger-data', { userId: GRACE, appId: 'another' })
  expect(unknown.body).toMatchObject({ statusCode: 404, apiCode: 2011 })
  const missing = await call('get-mfa-trigger-data', { userId: GRACE })
  expect(missing.body).toMatchObject({ statusCode: 400, message: '参数 appId 格式错误' })
})
