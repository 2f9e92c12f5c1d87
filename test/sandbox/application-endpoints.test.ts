import { afterAll, expect, test } from 'vitest'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { ADA, APPLICATION, createTokenCaller, type Params } from './clients.ts'

const WEB = APPLICATION
const CONSOLE = '62a500000000000000d15d58'
const DESK = '62a500000000000000d15d59'
const sandbox = await startSandbox({ port: 0, maxRequestsPerSecond: 1e6 })
const call = await createTokenCaller(sandbox)
afterAll(() => sandbox.close())

interface Page {
  totalCount: number
  list: { appId: string }[]
}

test('An application is shown briefly, and with its settings.', async () => {
  const brief = await call('get-application-simple-info', { appId: WEB })
  expect(brief.body).toMatchObject({ statusCode: 200 })
  expect(brief.body.data).toEqual({
    appId: WEB,
    appIdentifier: 'example-web',
    appName: 'Example web',
    appLogo: '',
    appDescription: expect.any(String),
    appType: 'web',
    isIntegrateApp: false,
  })
  const whole = await call('get-application', { appId: WEB })
  expect(whole.body.data).toMatchObject({
    ...(brief.body.data as object),
    userPoolId: sandbox.userPoolId,
    ssoEnabled: true,
    customSecurityEnabled: true,
  })
})

test.each<{ what: string; params: Params; found: string[] }>([
  { what: 'everything', params: {}, found: [WEB, CONSOLE, DESK] },
  {
    what: 'everything, for flags that are off',
    params: { isIntegrateApp: false, isSelfBuiltApp: false, ssoEnabled: false },
    found: [WEB, CONSOLE, DESK],
  },
  { what: 'integrated ones', params: { isIntegrateApp: true }, found: [DESK] },
  { what: 'self-built ones', params: { isSelfBuiltApp: true }, found: [WEB, CONSOLE] },
  { what: 'those with single sign-on', params: { ssoEnabled: true }, found: [WEB, DESK] },
  { what: 'a part of a name', params: { keywords: 'EXAMPLE C' }, found: [CONSOLE] },
  { what: 'a part of a name in another script', params: { keywords: '工单' }, found: [DESK] },
  { what: 'a part of an identifier', params: { keywords: 'ticket-' }, found: [DESK] },
  { what: 'no match', params: { keywords: 'payroll' }, found: [] },
  { what: 'filters that must all pass', params: { keywords: 'example', ssoEnabled: true }, found: [WEB] },
])('Both lists of applications hold $what', async ({ params, found }) => {
  for (const endpoint of ['list-applications', 'list-application-simple-info']) {
    const data = (await call(endpoint, params)).body.data as Page
    expect(data.list.map(({ appId }) => appId)).toEqual(found)
    expect(data.totalCount).toBe(found.length)
  }
})

test('A page of applications is cut out of the list, and a page behind the last is empty.', async () => {
  const second = await call('list-applications', { page: 2, limit: 2, all: true })
  expect(second.body.data).toMatchObject({
    totalCount: 3,
    list: [{ appId: DESK, customSecurityEnabled: false }],
  })
  const third = await call('list-application-simple-info', { page: 3, limit: 2 })
  expect(third.body.data).toEqual({ totalCount: 3, list: [] })
})

test("An application without own rules asks for the pool's factors, whatever its own are.", async () => {
  const { body } = await call('update-application-mfa-settings', { appId: DESK, enabledFactors: ['FACE'] })
  expect(body.data).toEqual({ enabledFactors: ['FACE'] })
  const trigger = await call('get-mfa-trigger-data', { appId: DESK, userId: ADA })
  expect(trigger.body.data).toMatchObject({
    applicationMfa: [{ mfaPolicy: 'SMS' }, { mfaPolicy: 'OTP' }, { mfaPolicy: 'EMAIL' }],
  })
})

test.each(['get-application', 'get-application-simple-info'])(
  '%s: an unknown application is 404 with apiCode 2011.',
  async endpoint => {
    const { body } = await call(endpoint, { appId: 'another' })
    expect(body).toMatchObject({ statusCode: 404, apiCode: 2011, message: '应用不存在' })
  },
)

test.each<{ endpoint: string; params: Params; names: string }>([
  { endpoint: 'get-application', params: {}, names: 'appId' },
  { endpoint: 'get-application-simple-info', params: { appId: '' }, names: 'appId' },
  { endpoint: 'list-applications', params: { limit: 51 }, names: 'limit' },
  { endpoint: 'list-applications', params: { all: 'yes' }, names: 'all' },
  { endpoint: 'list-application-simple-info', params: { page: 0 }, names: 'page' },
  { endpoint: 'list-application-simple-info', params: { ssoEnabled: 1 }, names: 'ssoEnabled' },
])('$endpoint refuses $params with 400.', async ({ endpoint, params, names }) => {
  const { body } = await call(endpoint, params)
  expect(body).toMatchObject({ statusCode: 400, message: `参数 ${names} 格式错误` })
})
