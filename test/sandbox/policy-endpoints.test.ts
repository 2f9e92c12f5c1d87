import { expect, test } from 'vitest'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { ADA, CHARLES, createTokenCaller, GRACE, type Params } from './clients.ts'

const TIM = '65a000000000000000000008'

test('The functions of a scene are listed, on or off, with their source.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const { body } = await call('list-pipeline-functions', { scene: 'PRE_MFA_VERIFY' })
  expect(body.data).toMatchObject({
    totalCount: 1,
    list: [{ scene: 'PRE_MFA_VERIFY', enabled: false, sourceCode: expect.any(String) }],
  })
  expect((await call('list-pipeline-functions', { scene: 'PRE_REGISTER' })).body.data).toEqual({
    totalCount: 0,
    list: [],
  })
})

test('A sandbox can be given other functions.', async () => {
  const pipelineFunctions = [{ name: 'Ask nobody', scene: 'PRE_MFA_VERIFY', isEnabled: true }] as const
  await using sandbox = await startSandbox({ port: 0, pipelineFunctions })
  const call = await createTokenCaller(sandbox)
  const { body } = await call('list-pipeline-functions', { scene: 'PRE_MFA_VERIFY' })
  expect(body.data).toMatchObject({ totalCount: 1, list: [{ funcName: 'Ask nobody', enabled: true }] })
})

test.each([
  ['WHITE', TIM, 'SKIP_MFA'],
  ['BLACK', CHARLES, 'FORBID_LOGIN'],
])('The %s list of users has one entry.', async (userListType, userId, limit) => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const { body } = await call('user-list', { userListType })
  expect(body.data).toMatchObject({ totalCount: 1, list: [{ userId, userListType, limitList: [limit] }] })
})

test('The list of users has pages.', async () => {
  await using sandbox = await startSandbox({ port: 0, exemptUserIds: [ADA, GRACE, TIM] })
  const call = await createTokenCaller(sandbox)
  const pages = [1, 2, 3].map(page => call('user-list', { userListType: 'WHITE', page, limit: 2 }))
  const found = (await Promise.all(pages)).map(({ body }) => body.data)
  expect(found).toMatchObject([
    { totalCount: 3, list: [{ userId: ADA }, { userId: GRACE }] },
    { totalCount: 3, list: [{ userId: TIM }] },
    { totalCount: 3, list: [] },
  ])
})

test.each<{ endpoint: string; params: Params; names: string }>([
  { endpoint: 'list-pipeline-functions', params: {}, names: 'scene' },
  { endpoint: 'user-list', params: {}, names: 'userListType' },
  { endpoint: 'user-list', params: { userListType: 'GREY' }, names: 'userListType' },
  { endpoint: 'user-list', params: { userListType: 'WHITE', limit: 51 }, names: 'limit' },
])('$endpoint refuses $params with 400.', async ({ endpoint, params, names }) => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const { body } = await call(endpoint, params)
  expect(body).toMatchObject({ statusCode: 400, message: `参数 ${names} 格式错误` })
})

test('The call that switches factors of the pool on can replace all others.', async () => {
  await using sandbox = await startSandbox({ port: 0, poolSettingsCalls: { update: 'REPLACES' } })
  const call = await createTokenCaller(sandbox)
  const updated = await call('update-global-mfa-settings', { enabledFactors: ['FACE', 'SMS'] })
  expect(updated.body.data).toEqual({ enabledFactors: ['FACE', 'SMS'] })
  expect((await call('get-global-mfa-settings')).body.data).toEqual({ enabledFactors: ['FACE', 'SMS'] })
})

test.each([
  ['NOT_FOUND', 404, 404],
  ['UNSUPPORTED', 200, 501],
] as const)(
  'The call that switches factors of the pool off can be missing: %s.',
  async (disable, httpStatus, statusCode) => {
    await using sandbox = await startSandbox({ port: 0, poolSettingsCalls: { disable } })
    const call = await createTokenCaller(sandbox)
    const refused = await call('disable-global-mfa-settings', { disableFactors: ['SMS'] })
    expect(refused).toMatchObject({ httpStatus, body: { statusCode } })
    expect((await call('get-global-mfa-settings')).body.data).toEqual({
      enabledFactors: ['SMS', 'OTP', 'EMAIL'],
    })
  },
)
