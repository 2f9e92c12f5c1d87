import { describe, expect, it } from 'vitest'
import { systemClock } from '../src/base/clock.ts'
import { startSandbox } from '../src/sandbox/sandbox.ts'
import { type Json, startApp, type TestApp } from './support/app.ts'
import { CANARY } from './support/canaries.ts'
import { type FakeGenAuth, failing, ok, startFakeGenAuth, triggerData } from './support/fake-genauth.ts'
import { createClockAhead, skipWaits } from './support/hand-clock.ts'

const WEB = '62a500000000000000d15d57'
const CONSOLE = '62a500000000000000d15d58'
const DESK = '62a500000000000000d15d59'
const idOf = (place: number) => `65a${String(place).padStart(21, '0')}`
const [ADA, GRACE, ALAN, KATHERINE] = [idOf(1), idOf(2), idOf(3), idOf(4)]
const [BARBARA, LILEI, TIM] = [idOf(5), idOf(7), idOf(8)]
const ALWAYS = ['IDENTITY_SOURCE_POLICY', 'ADAPTIVE_POLICY', 'IP_LIST']

const FORECAST = /* GraphQL */ `
  query ($userId: String!, $userIdType: UserIdType! = USER_ID, $applicationId: ID!) {
    userMfa(userId: $userId, userIdType: $userIdType) {
      ... on UserMfa {
        phone
        forecast(applicationId: $applicationId) {
          application { id name hasOwnRules }
          verdict
          factors { code type switchedOn sort bound }
          reasons { code factor message }
          unknowns
        }
      }
      ... on MfaError { code }
    }
  }
`

async function forecast(app: TestApp, userId: string, applicationId = WEB): Promise<Json> {
  const { data, errors } = await app.graphql(FORECAST, { userId, applicationId })
  expect(errors).toEqual([])
  return data.userMfa.forecast
}

const toTexts = (reasons: Json[]) =>
  reasons.map(({ code, factor }) => (factor === null ? code : `${code}:${factor}`))

/** Starts a GenAuth that replies well to everything that a forecast asks. */
async function startGenAuth(): Promise<FakeGenAuth> {
  const genauth = await startFakeGenAuth()
  genauth.reply('get-application', ok({ appId: 'a', appName: 'A', customSecurityEnabled: true }))
  genauth.reply('get-mfa-trigger-data', ok(triggerData()))
  genauth.reply('list-pipeline-functions', ok({ totalCount: 0, list: [] }))
  genauth.reply('user-list', ok({ totalCount: 0, list: [] }))
  return genauth
}

describe('a forecast in the sandbox', () => {
  it.each<[who: string, userId: string, application: string, verdict: string, reasons: string]>([
    ['Ada', ADA, WEB, 'CAN_PASS', 'FACTOR_BOUND:SMS FACTOR_BOUND:OTP'],
    ['Ada', ADA, CONSOLE, 'CAN_PASS', 'FACTOR_BOUND:OTP'],
    [
      'Ada',
      ADA,
      DESK,
      'CAN_PASS',
      'APPLICATION_FOLLOWS_POOL FACTOR_BOUND:SMS FACTOR_BOUND:OTP FACTOR_NOT_BOUND:EMAIL',
    ],
    ['Grace, who has nothing bound', GRACE, CONSOLE, 'MUST_ENROLL', 'FACTOR_NOT_BOUND:OTP'],
    [
      'Grace, who has no phone',
      GRACE,
      WEB,
      'MUST_ENROLL',
      'FACTOR_NOT_BOUND:SMS NO_CONTACT:SMS FACTOR_NOT_BOUND:OTP',
    ],
    ['Alan, of whom nothing is stored', ALAN, CONSOLE, 'MUST_ENROLL', 'FACTOR_NOT_BOUND:OTP'],
    ['Katherine, by SMS', KATHERINE, WEB, 'CAN_PASS', 'FACTOR_BOUND:SMS FACTOR_NOT_BOUND:OTP'],
    ['Katherine, whose phone does not help', KATHERINE, CONSOLE, 'MUST_ENROLL', 'FACTOR_NOT_BOUND:OTP'],
    ['Barbara, whose own list does not matter', BARBARA, CONSOLE, 'MUST_ENROLL', 'FACTOR_NOT_BOUND:OTP'],
    [
      '李雷, by the address',
      LILEI,
      DESK,
      'CAN_PASS',
      'APPLICATION_FOLLOWS_POOL FACTOR_NOT_BOUND:SMS FACTOR_NOT_BOUND:OTP FACTOR_BOUND:EMAIL',
    ],
    ['Tim, who is exempt', TIM, CONSOLE, 'NOT_ASKED', 'EXEMPT FACTOR_NOT_BOUND:OTP'],
  ])('of %s: %s at %s is %s', async (_who, userId, application, verdict, reasons) => {
    await using app = await startApp()
    const found = await forecast(app, userId, application)
    expect([found.verdict, toTexts(found.reasons).join(' ')]).toEqual([verdict, reasons])
    expect(found.application.id).toBe(application)
    expect(found.unknowns).toEqual([...ALWAYS, ...(verdict === 'MUST_ENROLL' ? ['MAY_ENROLL'] : [])])
    for (const { message } of found.reasons) expect(message).toMatch(/^[A-Z].*\.$/)
  })

  it('follows the switches of an application and of the pool, and says which of them counts', async () => {
    await using sandbox = await startSandbox({ port: 0, accessKeySecret: CANARY.accessKeySecret })
    const upstream = {
      env: {
        GENAUTH_URL: sandbox.url,
        GENAUTH_ACCESS_KEY_ID: sandbox.accessKeyId,
        GENAUTH_ACCESS_KEY_SECRET: sandbox.accessKeySecret,
      },
      takeCalls: () => [],
      [Symbol.asyncDispose]: async () => {},
    }
    await using app = await startApp({ upstream })
    const switchOff = await createSwitch(sandbox.url, sandbox)
    expect((await forecast(app, ADA, CONSOLE)).verdict).toBe('CAN_PASS')
    await switchOff('update-application-mfa-settings', { appId: CONSOLE, disabledFactors: ['OTP'] })
    expect(await forecast(app, ADA, CONSOLE)).toMatchObject({
      verdict: 'NOT_ASKED',
      factors: [],
      reasons: [{ code: 'NO_FACTOR_DEMANDED', factor: null }],
      application: { hasOwnRules: true },
    })
    await switchOff('disable-global-mfa-settings', { disableFactors: ['EMAIL', 'OTP'] })
    expect(await forecast(app, GRACE, DESK)).toMatchObject({
      verdict: 'CANNOT_PASS',
      reasons: [
        { code: 'APPLICATION_FOLLOWS_POOL' },
        { code: 'FACTOR_NOT_BOUND', factor: 'SMS' },
        { code: 'NO_CONTACT', factor: 'SMS' },
      ],
      unknowns: [...ALWAYS, 'MAY_ENROLL'],
      application: { name: 'Ticket desk 工单', hasOwnRules: false },
    })
  })
})

/** Returns a way past the product to the sandbox's calls. */
async function createSwitch(url: string, key: { accessKeyId: string; accessKeySecret: string }) {
  const post = async (endpoint: string, body: object, headers: object = {}): Promise<Json> => {
    const response = await fetch(`${url}/api/v3/${endpoint}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    return (await response.json()) as Json
  }
  const { accessKeyId, accessKeySecret } = key
  const { data } = await post('get-management-token', { accessKeyId, accessKeySecret })
  const authorization = `Bearer ${data.access_token}`
  return async (endpoint: string, body: object) => {
    const replied = await post(endpoint, body, {
      authorization,
      'x-authing-userpool-id': '65a0000000000000000000ff',
    })
    expect(replied.statusCode).toBe(200)
  }
}

describe('the calls of a forecast', () => {
  const READS = ['get-application', 'get-mfa-status', 'get-mfa-trigger-data', 'get-user-mfa-info']
  const OF_EVERYBODY = ['list-pipeline-functions', 'user-list']

  it('are three, and those that concern everybody once a minute', async () => {
    const { clock, forward } = createClockAhead(systemClock)
    await using app = await startApp({ clock })
    await forecast(app, ADA)
    expect(app.takeCalls().toSorted()).toEqual([...READS, ...OF_EVERYBODY])
    await forecast(app, LILEI, DESK)
    expect(app.takeCalls().toSorted()).toEqual(READS)
    forward(60_000)
    await forecast(app, ADA)
    expect(app.takeCalls().toSorted()).toEqual([...READS, ...OF_EVERYBODY])
  })

  it('are four where the contacts of the account decide', async () => {
    await using app = await startApp()
    await forecast(app, ADA)
    app.takeCalls()
    await forecast(app, GRACE)
    expect(app.takeCalls().toSorted()).toEqual([...READS, 'get-user'].toSorted())
  })

  it('are made once for one user and application, and the application is read once for several users', async () => {
    await using app = await startApp()
    await forecast(app, ADA)
    app.takeCalls()
    const { errors } = await app.graphql(`{
      a: userMfa(userId: "${ADA}") { ...F } b: userMfa(userId: "${KATHERINE}") { ...F }
    } fragment F on UserMfa { one: forecast(applicationId: "${WEB}") { verdict } two: forecast(applicationId: "${WEB}") { unknowns } }`)
    expect(errors).toEqual([])
    const calls = app.takeCalls()
    expect(calls.filter(call => call === 'get-application')).toHaveLength(1)
    expect(calls.filter(call => call === 'get-mfa-trigger-data')).toHaveLength(2)
    expect(calls.filter(call => call === 'get-user-mfa-info')).toHaveLength(2)
  })

  it('name the user by GenAuth’s own id, whatever identifier was given', async () => {
    await using genauth = await startGenAuth()
    genauth.reply('get-user', ok({ userId: 'u1', username: 'someone' }))
    await using app = await startApp({ upstream: genauth })
    const { data } = await app.graphql(FORECAST, {
      userId: 'someone',
      userIdType: 'USERNAME',
      applicationId: 'a',
    })
    expect(data.userMfa.forecast.verdict).toBe('CAN_PASS')
    expect(genauth.seenOf('get-mfa-trigger-data')[0]?.params).toEqual({
      appId: 'a',
      userId: 'u1',
      userIdType: 'user_id',
    })
  })

  it('count as reads of the caller', async () => {
    await using app = await startApp({ env: { RATE_LIMITS: 'reads=7,writes=9,weakenings=9,misses=9' } })
    expect((await forecast(app, ADA)).verdict).toBe('CAN_PASS')
    const { data, errors } = await app.graphql(FORECAST, { userId: ADA, applicationId: WEB })
    expect(data.userMfa.forecast).toBeNull()
    expect(errors).toMatchObject([{ path: ['userMfa', 'forecast'], extensions: { code: 'RATE_LIMITED' } }])
  })
})

describe('a forecast of what GenAuth says', () => {
  it('keeps its token to itself', async () => {
    // Every response and log line of this test is watched for the token.
    await using genauth = await startGenAuth()
    await using app = await startApp({ upstream: genauth })
    expect((await forecast(app, 'u', 'a')).verdict).toBe('CAN_PASS')
    expect(genauth.seenOf('get-mfa-trigger-data')).toHaveLength(1)
  })

  it('shows what is offered though it is off, and what this version does not know', async () => {
    await using genauth = await startGenAuth()
    const applicationMfa = [
      { mfaPolicy: 'PASSKEY', status: 1, sort: 2 },
      { mfaPolicy: 'OTP', status: 0, sort: 1 },
    ]
    genauth.reply('get-mfa-trigger-data', ok(triggerData({ applicationMfa })))
    await using app = await startApp({ upstream: genauth })
    expect(await forecast(app, 'u', 'a')).toMatchObject({
      verdict: 'CAN_PASS',
      factors: [
        { code: 'OTP', type: 'OTP', switchedOn: false, sort: 1, bound: true },
        { code: 'PASSKEY', type: null, switchedOn: true, sort: 2, bound: null },
      ],
      reasons: [
        { code: 'FACTOR_BOUND', factor: 'OTP' },
        { code: 'FACTOR_OFF_BUT_OFFERED', factor: 'OTP' },
        { code: 'BINDING_UNKNOWN', factor: 'PASSKEY' },
      ],
    })
  })

  const exempt = (userId: string) => ({ userId, userListType: 'WHITE', limitList: ['SKIP_MFA'] })
  const pages = (totalCount: number, ...userIds: string[]) => ok({ totalCount, list: userIds.map(exempt) })
  const fifty = (from: number) => Array.from({ length: 50 }, (_, index) => `x${from + index}`)

  it.each<[what: string, replies: ReturnType<typeof ok>[], calls: number, verdict: string, unknown: boolean]>(
    [
      ['the user in it', [pages(1, 'u')], 1, 'NOT_ASKED', false],
      ['others in it', [pages(1, 'x')], 1, 'CAN_PASS', false],
      [
        'the user on the fourth page',
        [pages(151, ...fifty(0)), pages(151, ...fifty(50)), pages(151, ...fifty(100)), pages(151, 'u')],
        4,
        'NOT_ASKED',
        false,
      ],
      [
        'more than four pages, and the user on the first',
        [pages(201, 'u', ...fifty(1).slice(1))],
        1,
        'CAN_PASS',
        true,
      ],
      ['fewer entries than it counts', [pages(2, 'x'), pages(2)], 2, 'CAN_PASS', true],
      ['a page that comes twice', [pages(100, ...fifty(0)), pages(100, ...fifty(0))], 2, 'CAN_PASS', true],
      [
        'an entry that left the first page before the second was read',
        [pages(52, ...fifty(0)), pages(51, 'x51')],
        2,
        'CAN_PASS',
        true,
      ],
      ['an entry that cannot be read', [ok({ totalCount: 1, list: [{}] })], 1, 'CAN_PASS', true],
      ['a plan without it', [failing(402)], 1, 'CAN_PASS', true],
      ['no such call', [failing(404)], 1, 'CAN_PASS', true],
    ],
  )('reads the list of exempt users: %s', async (_what, replies, calls, verdict, isUnknown) => {
    await using genauth = await startGenAuth()
    genauth.reply('user-list', ...replies)
    await using app = await startApp({ upstream: genauth, clock: skipWaits(400) })
    const found = await forecast(app, 'u', 'a')
    expect(found.verdict).toBe(verdict)
    expect(found.unknowns).toEqual(isUnknown ? [...ALWAYS, 'EXEMPTION_LIST'] : ALWAYS)
    expect(genauth.seenOf('user-list')).toHaveLength(calls)
  })

  it('waits only a while for what it can do without', async () => {
    await using genauth = await startGenAuth()
    for (const endpoint of ['user-list', 'list-pipeline-functions']) genauth.reply(endpoint, () => {})
    await using app = await startApp({ upstream: genauth, clock: skipWaits(3_000) })
    expect(await forecast(app, 'u', 'a')).toMatchObject({
      verdict: 'CAN_PASS',
      unknowns: [...ALWAYS, 'PIPELINE_FUNCTION', 'EXEMPTION_LIST'],
    })
  })

  it('asks again for a list that could not be read', async () => {
    await using genauth = await startGenAuth()
    genauth.reply('user-list', failing(402), pages(1, 'u'))
    await using app = await startApp({ upstream: genauth })
    expect((await forecast(app, 'u', 'a')).verdict).toBe('CAN_PASS')
    expect((await forecast(app, 'u', 'a')).verdict).toBe('NOT_ASKED')
  })

  it.each([
    ['a function that is on', ok({ totalCount: 1, list: [{ enabled: true, sourceCode: CANARY.phone }] })],
    ['a refusal', failing(403)],
  ])('names the functions of the pool as unknown: %s', async (_what, reply) => {
    await using genauth = await startGenAuth()
    genauth.reply('list-pipeline-functions', reply)
    await using app = await startApp({ upstream: genauth })
    expect((await forecast(app, 'u', 'a')).unknowns).toEqual([...ALWAYS, 'PIPELINE_FUNCTION'])
  })
})

describe('a forecast that cannot be had is null, and the rest stands', () => {
  it.each<[what: string, prepare: (genauth: FakeGenAuth) => void, code: string]>([
    [
      'an unknown application',
      genauth => genauth.reply('get-application', failing(404, 2011)),
      'APPLICATION_NOT_FOUND',
    ],
    [
      'another application in the reply',
      genauth => genauth.reply('get-application', ok({ appId: 'b' })),
      'APPLICATION_NOT_FOUND',
    ],
    [
      'an id that GenAuth calls malformed',
      genauth => genauth.reply('get-application', failing(400)),
      'INVALID_INPUT',
    ],
    ['a plan without it', genauth => genauth.reply('get-mfa-trigger-data', failing(402)), 'PLAN_REQUIRED'],
    ['its finer code', genauth => genauth.reply('get-mfa-trigger-data', failing(403, 4021)), 'PLAN_REQUIRED'],
    [
      'a plan without applications',
      genauth => genauth.reply('get-application', failing(200, 4021)),
      'PLAN_REQUIRED',
    ],
    ['a plan without bindings', genauth => genauth.reply('get-user-mfa-info', failing(402)), 'PLAN_REQUIRED'],
    [
      'a right that is missing',
      genauth => genauth.reply('get-application', failing(403)),
      'UPSTREAM_FORBIDDEN',
    ],
    [
      'trigger data of no shape',
      genauth => genauth.reply('get-mfa-trigger-data', ok({})),
      'UPSTREAM_UNAVAILABLE',
    ],
    [
      'trigger data without a list',
      genauth => genauth.reply('get-mfa-trigger-data', ok(triggerData({ applicationMfa: null }))),
      'UPSTREAM_UNAVAILABLE',
    ],
    [
      'a user who is gone',
      genauth => genauth.reply('get-mfa-trigger-data', failing(404, 2004)),
      'UPSTREAM_UNAVAILABLE',
    ],
    [
      'bindings that fail',
      genauth => genauth.reply('get-user-mfa-info', failing(500)),
      'UPSTREAM_UNAVAILABLE',
    ],
    [
      'an application that fails',
      genauth => genauth.reply('get-application', failing(500)),
      'UPSTREAM_UNAVAILABLE',
    ],
    [
      'an account that fails where it decides',
      genauth => {
        const applicationMfa = [{ mfaPolicy: 'EMAIL', status: 1, sort: 0 }]
        genauth.reply('get-mfa-trigger-data', ok(triggerData({ applicationMfa, mfaEmail: null })))
        genauth.reply('get-user', failing(500))
      },
      'UPSTREAM_UNAVAILABLE',
    ],
  ])('%s', async (_what, prepare, code) => {
    await using genauth = await startGenAuth()
    prepare(genauth)
    await using app = await startApp({ upstream: genauth, clock: skipWaits(900) })
    const { status, data, errors } = await app.graphql(FORECAST, { userId: 'u', applicationId: 'a' })
    expect(status).toBe(200)
    expect(data.userMfa).toEqual({ phone: '139****5678', forecast: null })
    expect(errors).toMatchObject([{ path: ['userMfa', 'forecast'], extensions: { code } }])
    expect(errors[0].message).not.toMatch(/upstream text|nothing was changed/i)
  })

  it.each([
    ['empty', ''],
    ['blank', ' '],
    ['with a blank', 'a b'],
    ['with a line end', 'a\n'],
    ['in another script', '应用'],
    ['of 129 characters', 'a'.repeat(129)],
  ])('an id of an application that is %s', async (_what, applicationId) => {
    await using app = await startApp()
    const { data, errors } = await app.graphql(FORECAST, { userId: ADA, applicationId })
    expect(data.userMfa).toEqual({ phone: '138****0001', forecast: null })
    expect(errors).toMatchObject([{ path: ['userMfa', 'forecast'], extensions: { code: 'BAD_USER_INPUT' } }])
    expect(app.takeCalls()).toEqual(['get-mfa-status'])
  })
})

describe('forecasts of several users', () => {
  const list = (count: number) =>
    Array.from({ length: count }, (_, index) => `{ userId: "${idOf(index + 1)}" }`).join(' ')
  const entities = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ __typename: 'User', id: idOf(index + 1) }))
  const ENTITIES = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
    ... on User { mfa { phone forecast(applicationId: "${WEB}") { verdict } } } } }`

  it('are made for five, in a list and for a gateway', async () => {
    await using app = await startApp()
    const { data, errors } = await app.graphql(`{ usersMfa(users: [${list(5)}]) { ... on UsersMfaSuccess {
      results { payload { ... on UserMfa { forecast(applicationId: "${WEB}") { verdict } } } } } } }`)
    expect(errors).toEqual([])
    const verdicts = ['CAN_PASS', 'MUST_ENROLL', 'MUST_ENROLL', 'CAN_PASS', 'CAN_PASS']
    expect(data.usersMfa.results.map((one: Json) => one.payload.forecast.verdict)).toEqual(verdicts)
    const twice = [...entities(5), ...entities(5)]
    const gateway = await app.graphql(ENTITIES, { representations: twice })
    expect(gateway.errors).toEqual([])
    expect(gateway.data._entities.map((one: Json) => one.mfa.forecast.verdict)).toEqual([
      ...verdicts,
      ...verdicts,
    ])
  })

  it('are refused for six, all of them, before GenAuth is asked for any', async () => {
    await using app = await startApp()
    const { data, errors } = await app.graphql(`{ usersMfa(users: [${list(6)}]) { ... on UsersMfaSuccess {
      results { payload { ... on UserMfa { phone forecast(applicationId: "${WEB}") { verdict } } } } } } }`)
    expect(data.usersMfa.results[0].payload).toEqual({ phone: '138****0001', forecast: null })
    expect(errors.map(({ extensions }: Json) => extensions.code)).toEqual(Array(6).fill('LIMIT_EXCEEDED'))
    expect(new Set(app.takeCalls())).toEqual(new Set(['get-mfa-status']))
    const gateway = await app.graphql(ENTITIES, { representations: entities(6) })
    expect(gateway.errors.map(({ extensions }: Json) => extensions.code)).toEqual(
      Array(6).fill('LIMIT_EXCEEDED'),
    )
    expect(gateway.data._entities[0].mfa).toEqual({ phone: '138****0001', forecast: null })
    expect(new Set(app.takeCalls())).toEqual(new Set(['get-mfa-status']))
  })

  it('count a user once, by whichever names', async () => {
    await using app = await startApp()
    const names = [
      'PHONE 13800000001',
      'EMAIL ada@example.com',
      'USERNAME ada',
      'EXTERNAL_ID emp-0001',
      `USER_ID ${ADA}`,
    ]
    const fields = [...names, `USER_ID ${ADA.toUpperCase()}`].map((name, index) => {
      const [userIdType, userId] = name.split(' ')
      return `a${index}: userMfa(userId: "${userId}", userIdType: ${userIdType}) { ... on UserMfa { forecast(applicationId: "${WEB}") { verdict } } }`
    })
    const { data, errors } = await app.graphql(`{ ${fields.join(' ')} }`)
    expect(errors).toEqual([])
    expect(Object.values(data).map((one: Json) => one.forecast.verdict)).toEqual(Array(6).fill('CAN_PASS'))
  })
})
