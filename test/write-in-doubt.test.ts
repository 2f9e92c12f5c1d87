import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Json, type StartAppOptions, startApp, type TestApp } from './support/app.ts'
import { CANARY } from './support/canaries.ts'
import {
  type FakeGenAuth,
  failing,
  ok,
  type Reply,
  startFakeGenAuth,
  triggerData,
} from './support/fake-genauth.ts'
import { createClockAhead, createLapsingClock } from './support/hand-clock.ts'

const SET = /* GraphQL */ `
  mutation ($input: SetUserMfaStatusInput!) {
    setUserMfaStatus(input: $input) {
      __typename
      ... on SetUserMfaStatusSuccess { applied verified userMfa { factors { code enabled } } }
      ... on MfaError { code retryable }
      ... on MfaUpstreamUnavailableError { outcome observed { factors { code enabled } } }
    }
  }
`
const INPUT = { userId: 'u', factors: [{ type: 'EMAIL' }] }
const WITH_TOKEN = { ...INPUT, triggerData: { mfaToken: CANARY.mfaToken } }
const BEFORE = [
  { code: 'SMS', enabled: true },
  { code: 'PASSKEY', enabled: true },
  { code: 'OTP', enabled: true },
]
const INTENDED = [{ code: 'EMAIL', enabled: true }]

const reset: Reply = (_response, request) => void request.socket.resetAndDestroy()
const hangUp: Reply = response => void response.destroy()
/** What an answer may take, less than the request. One that never comes is given up when its story says so. */
const ATTEMPT_MS = 5_000
const { clock: lapsing, lapse } = createLapsingClock(ATTEMPT_MS)
/** After this time the circuit breaker and the limits of the rate have forgotten every call before. */
const FORGOTTEN_AFTER_MS = 60_000
const { clock, forward } = createClockAhead(lapsing)
const silence: Reply = () => void setTimeout(lapse, 50)
const halfAnAnswer: Reply = response => {
  response.writeHead(200, { 'content-length': 100 })
  response.write('{"statusCode":')
  setTimeout(() => response.destroy(), 20)
}
const drip: Reply = response => {
  const timer = setInterval(() => response.write(' '), 50)
  setTimeout(lapse, 150)
  response.once('close', () => clearInterval(timer))
}

interface Told {
  readonly payload: Json
  readonly calls: string[]
  readonly outcomes: string[]
  readonly status: number
  readonly headers: Headers
}

type Prepare = (genauth: FakeGenAuth) => void

/** One faulty answer to a write, sent to the end with the pauses of the layer left out. */
async function setWith(
  prepare: Prepare,
  input: object = INPUT,
  options: StartAppOptions = {},
): Promise<Told> {
  await using genauth = await startFakeGenAuth()
  await using app = await startPatientApp(genauth, options)
  prepare(genauth)
  return tell(genauth, app, input)
}

function startPatientApp(upstream: FakeGenAuth, options: StartAppOptions = {}): Promise<TestApp> {
  const env = { GENAUTH_TIMEOUT_MS: `${ATTEMPT_MS}`, ...options.env }
  return startApp({ upstream, clock, ...options, env })
}

async function tell(genauth: FakeGenAuth, app: TestApp, input: object): Promise<Told> {
  const { length } = app.journal
  const { data, status, headers } = await app.graphql(SET, { input })
  const outcomes = app.journal.slice(length).flatMap(({ outcome }) => outcome ?? [])
  return { payload: data.setUserMfaStatus, calls: genauth.takeCalls(), outcomes, status, headers }
}

const under = (status: number, reply: ReturnType<typeof failing>): Reply => ({ ...reply, status })

const GENAUTH_ANSWERED: [string, Reply][] = [
  ...[408, 499, 500, 503, 504, 599, 601, 603, 777].map((status): [string, Reply] => [
    `a ${status} in the envelope`,
    failing(status),
  ]),
  ['apiCode 1306, as for a resend', failing(401, 1306)],
  ['no such user under a 500', failing(500, 2004)],
  ['a locked user under a 200', failing(200, 2005)],
  ['refused credentials under a 504', failing(504, 2020)],
  ['a plan that is over under a 603', failing(603, 4021)],
  ['a success without its shape', { body: { statusCode: 200, message: '', data: null } }],
  ['success false', ok({ success: false })],
  ['a refusal under HTTP 500', under(500, failing(404))],
  ['throttling under HTTP 504', under(504, failing(429))],
  ['a 401 under HTTP 502', under(502, failing(401))],
]
const DONE = { statusCode: 200, message: '', data: { success: true } }
const CONTRADICTED: [string, Reply][] = [
  ...[202, 203, 206, 401, 404, 408, 429, 500, 502, 504, 520].map((status): [string, Reply] => [
    `a success under HTTP ${status}`,
    { status, body: DONE },
  ]),
  ...[400, 404, 409, 429, 501].map((statusCode): [string, Reply] => [
    `a ${statusCode} beside a success`,
    { body: { ...DONE, statusCode } },
  ]),
  ['a refused signature beside a success', { body: { ...DONE, apiCode: 1301 } }],
  ['two statuses, the second good', { body: '{"statusCode":500,"statusCode":200,"data":{"success":true}}' }],
  ['two statuses, the second bad', { body: '{"statusCode":200,"data":{"success":true},"statusCode":404}' }],
]
const SOMEBODY_ANSWERED: [string, Reply][] = [
  ...[400, 401, 403, 404, 408, 413, 429, 499, 500, 501, 502, 503, 504].map((status): [string, Reply] => [
    `an HTTP ${status} from a proxy`,
    { status, body: '<html>' },
  ]),
  ['a page in place of JSON', { body: '<html>oops</html>' }],
  ['an empty body', { body: '' }],
  ['a redirect', { status: 307, headers: { location: 'http://127.0.0.1:1/' }, body: '' }],
  ['a status that is no number', { body: { statusCode: 'OK', message: '', data: { success: true } } }],
  [
    'a compressed body',
    { headers: { 'content-encoding': 'gzip' }, body: { statusCode: 200, data: { success: true } } },
  ],
]
const CUT_OFF: [string, Reply][] = [
  ['a reset', reset],
  ['a closed connection', hangUp],
  ['half an answer', halfAnAnswer],
]
const TIMED_OUT: [string, Reply][] = [
  ['silence', silence],
  ['an answer that drips', drip],
]
const ALL = [...GENAUTH_ANSWERED, ...CONTRADICTED, ...SOMEBODY_ANSWERED, ...CUT_OFF, ...TIMED_OUT]
/** One of each kind: what a look finds is judged alike for all. */
const EXAMPLES: [string, Reply][] = [
  ['a 504 in the envelope', failing(504)],
  ['a page in place of JSON', { body: '<html>oops</html>' }],
  ['a reset', reset],
  ['silence', silence],
]

/**
 * As `setWith`, but all cases ask one app. Each has a user of its own, since a write in doubt says something about the
 * next one of its user. None may need a repetition, since failures before may have used up those that are allowed.
 */
function shareApp(): (prepare: Prepare, input: object) => Promise<Told> {
  let genauth: FakeGenAuth
  let app: TestApp
  let users = 0
  beforeAll(async () => {
    genauth = await startFakeGenAuth()
    app = await startPatientApp(genauth)
  })
  afterAll(async () => {
    await app[Symbol.asyncDispose]()
    await genauth[Symbol.asyncDispose]()
  })
  return (prepare, input) => {
    forward(FORGOTTEN_AFTER_MS)
    genauth.reset()
    prepare(genauth)
    return tell(genauth, app, { ...input, userId: `u${++users}` })
  }
}

describe('a write that was made, answered with', () => {
  const setInTurn = shareApp()

  it.each(ALL)('%s, is read back and is a verified success', async (_kind, reply) => {
    const { payload, calls } = await setInTurn(
      genauth => genauth.reply('set-mfa-status', genauth.storing(reply)),
      WITH_TOKEN,
    )
    expect(payload).toEqual({
      __typename: 'SetUserMfaStatusSuccess',
      applied: true,
      verified: true,
      userMfa: { factors: INTENDED },
    })
    expect(calls).toEqual(['set-mfa-status', 'get-mfa-status'])
  })
})

describe('a write that may still be made, answered with', () => {
  const setInTurn = shareApp()
  const inDoubt = {
    __typename: 'MfaUpstreamUnavailableError',
    code: 'UPSTREAM_UNAVAILABLE',
    outcome: 'UNKNOWN',
    observed: { factors: BEFORE },
  }

  it.each(ALL)('%s, is unknown after one look, in the payload and on record', async (_kind, reply) => {
    const { payload, calls, outcomes, status, headers } = await setInTurn(
      genauth => genauth.reply('set-mfa-status', reply),
      INPUT,
    )
    expect(payload).toMatchObject(inDoubt)
    expect(calls).toEqual(['get-mfa-status', 'set-mfa-status', 'get-mfa-status'])
    expect(outcomes).toEqual(['UNKNOWN'])
    // Nothing that makes a gateway repeat it.
    expect([status, headers.get('retry-after')]).toEqual([200, null])
  })

  it.each(EXAMPLES)('%s, stays unknown where no state before is known', async (_kind, reply) => {
    const { payload, calls } = await setWith(genauth => genauth.reply('set-mfa-status', reply), WITH_TOKEN)
    expect(payload).toMatchObject(inDoubt)
    expect(calls).toEqual(['set-mfa-status', 'get-mfa-status'])
  })

  it.each(EXAMPLES)('%s, stays unknown where the state cannot be read back', async (_kind, reply) => {
    const prepare = (genauth: FakeGenAuth) => {
      genauth.reply('get-mfa-status', ok(genauth.stored), failing(503))
      genauth.reply('set-mfa-status', reply)
    }
    const { payload } = await setWith(prepare, INPUT)
    expect(payload).toMatchObject({ ...inDoubt, observed: null })
  })

  it.each(EXAMPLES)('%s, stays unknown where a third state is found', async (_kind, reply) => {
    const third = triggerData({ applicationMfa: [{ mfaPolicy: 'FACE', status: 1, sort: 0 }] })
    const prepare = (genauth: FakeGenAuth) => {
      genauth.reply('get-mfa-status', ok(genauth.stored), ok(third))
      genauth.reply('set-mfa-status', reply)
    }
    const { payload } = await setWith(prepare, INPUT)
    expect(payload).toMatchObject({ ...inDoubt, observed: { factors: [{ code: 'FACE' }] } })
  })
})

/** Longer than a busy machine takes to read the state back. */
const LATE_MS = 1_000

describe('a write in doubt', () => {
  it('is not taken for made where an earlier one, in doubt too, may have made the same state', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth, env: { GENAUTH_TIMEOUT_MS: '1000' } })
    const set = async () => (await app.graphql(SET, { input: INPUT })).data.setUserMfaStatus
    let carryOut = () => {}
    genauth.reply(
      'set-mfa-status',
      (_response, _request, params) => {
        carryOut = () => Object.assign(genauth, { stored: params.mfaTriggerData })
      },
      (_response, request) => {
        carryOut()
        request.socket.resetAndDestroy()
      },
    )
    expect(await set()).toMatchObject({ outcome: 'UNKNOWN', observed: { factors: BEFORE } })
    expect(await set()).toMatchObject({ outcome: 'UNKNOWN', observed: { factors: [...INTENDED, BEFORE[1]] } })
    expect(app.journal.map(({ outcome }) => outcome).filter(Boolean)).toEqual(['UNKNOWN', 'UNKNOWN'])
  })

  it.each([
    ['a reset', reset],
    ['a closed connection', hangUp],
    ['an HTTP 502', { status: 502, body: '<html>' }],
    ['a 504 in the envelope', failing(504)],
    ['a 603', failing(603)],
    ['apiCode 1306', failing(401, 1306)],
  ] satisfies [string, Reply][])(
    'that lands after the answer to %s was not called undone',
    async (_kind, reply) => {
      await using genauth = await startFakeGenAuth()
      await using app = await startApp({ upstream: genauth })
      genauth.reply('set-mfa-status', genauth.storing(reply, LATE_MS))
      const { data } = await app.graphql(SET, { input: INPUT })
      expect(data.setUserMfaStatus).toMatchObject({ outcome: 'UNKNOWN', observed: { factors: BEFORE } })
      const written = () => genauth.stored.applicationMfa[0].mfaPolicy
      await expect.poll(written, { timeout: 10_000 }).toBe('EMAIL')
    },
  )

  it('is not repeated, and a repeat by the caller finds the state and writes nothing', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    genauth.reply('set-mfa-status', genauth.storing(reset, 100))
    const first = await app.graphql(SET, { input: INPUT })
    expect(first.data.setUserMfaStatus.outcome).toBe('UNKNOWN')
    expect(genauth.seenOf('set-mfa-status')).toHaveLength(1)
    await expect.poll(() => genauth.stored.applicationMfa[0].mfaPolicy).toBe('EMAIL')
    const second = await app.graphql(SET, { input: INPUT })
    expect(second.data.setUserMfaStatus).toMatchObject({ applied: false, verified: true })
    expect(genauth.seenOf('set-mfa-status')).toHaveLength(1)
  })

  it('that clears display fields alone stays unknown, since nobody can see whether it was done', async () => {
    const factors = [{ type: 'SMS' }, { type: 'OTP', sort: 2 }]
    const triggerDataInput = { username: null }
    const { payload } = await setWith(
      genauth => {
        genauth.stored = triggerData({
          applicationMfa: [
            { mfaPolicy: 'SMS', status: 1, sort: 0 },
            { mfaPolicy: 'OTP', status: 1, sort: 2 },
          ],
        })
        genauth.reply('set-mfa-status', failing(500))
      },
      { userId: 'u', factors, triggerData: triggerDataInput },
    )
    expect(payload).toMatchObject({ outcome: 'UNKNOWN' })
  })
})

it('a read that is repeated is what its last attempt comes to', async () => {
  const { payload } = await setWith(genauth => genauth.reply('get-mfa-status', failing(500), failing(404)))
  expect(payload).toMatchObject({ __typename: 'MfaUserNotFoundError' })
})

describe('a write that GenAuth proves to have refused', () => {
  it.each<[string, Reply]>([
    ['throttling', failing(429)],
    ['throttling under HTTP 429', under(429, failing(429))],
    ['a token that it does not take', failing(401)],
  ])('with %s, is sent again, and is a success once it is taken', async (_what, reply) => {
    const { payload, calls, outcomes } = await setWith(genauth =>
      genauth.reply('set-mfa-status', reply, genauth.storing(ok({ success: true }))),
    )
    expect(payload).toMatchObject({ __typename: 'SetUserMfaStatusSuccess', applied: true, verified: true })
    expect(calls).toEqual(['get-mfa-status', 'set-mfa-status', 'set-mfa-status', 'get-mfa-status'])
    expect(outcomes).toEqual(['APPLIED'])
  })

  it.each<[string, Reply, Reply]>([
    ['a proxy loses', failing(429), { status: 502, body: '<html>' }],
    ['is cut off', failing(401), reset],
  ])('is in doubt where the next attempt %s', async (_what, first, next) => {
    const { payload, outcomes } = await setWith(genauth => genauth.reply('set-mfa-status', first, next))
    expect(payload).toMatchObject({ outcome: 'UNKNOWN', observed: { factors: BEFORE } })
    expect(outcomes).toEqual(['UNKNOWN'])
  })
})

describe('a write that GenAuth says it has made', () => {
  const done = { __typename: 'SetUserMfaStatusSuccess', applied: true }
  const liar = ok({ success: true })
  const third = ok(triggerData({ applicationMfa: [{ mfaPolicy: 'FACE', status: 1, sort: 0 }] }))
  const [get, post] = ['get-mfa-status', 'set-mfa-status']

  it.each([200, 201])('under HTTP %i, is one', async status => {
    const { payload, calls } = await setWith(
      genauth => genauth.reply('set-mfa-status', genauth.storing(under(status, ok({ success: true })))),
      { userId: 'u', enable: ['EMAIL'] },
    )
    expect(payload).toMatchObject({ ...done, verified: false })
    expect(calls).toEqual([get, post])
  })

  it('is read back if it weakens', async () => {
    const { payload, calls, outcomes } = await setWith(() => {})
    expect(payload).toMatchObject({ ...done, verified: true })
    expect(calls).toEqual([get, post, get])
    expect(outcomes).toEqual(['APPLIED'])
  })

  it('is not read back if it weakens nothing', async () => {
    const { payload, calls } = await setWith(() => {}, { userId: 'u', enable: ['EMAIL'] })
    expect(payload).toMatchObject({ ...done, verified: false })
    expect(calls).toEqual([get, post])
  })

  it('is not read back if the state before is not known, and says that it is not verified', async () => {
    const { payload, calls } = await setWith(() => {}, WITH_TOKEN)
    expect(payload).toMatchObject({ ...done, verified: false })
    expect(calls).toEqual([post])
  })

  it.each([
    ['the state before', (genauth: FakeGenAuth) => ok(genauth.stored), 'SMS'],
    ['a third state', () => third, 'FACE'],
  ])('is no success where two looks find %s', async (_what, toFound, code) => {
    const { payload, calls, outcomes } = await setWith(genauth => {
      genauth.reply('get-mfa-status', ok(genauth.stored), toFound(genauth))
      genauth.reply('set-mfa-status', liar)
    })
    expect(payload).toMatchObject({
      __typename: 'MfaUpstreamUnavailableError',
      outcome: 'UNKNOWN',
      observed: { factors: [{ code }, ...(code === 'SMS' ? BEFORE.slice(1) : [])] },
    })
    expect(calls).toEqual([get, post, get, get])
    expect(outcomes).toEqual(['UNKNOWN'])
  })

  it('is a success where a read is only a moment behind', async () => {
    const { payload, calls } = await setWith(genauth => {
      const intended = triggerData({
        applicationMfa: [
          { mfaPolicy: 'EMAIL', status: 1, sort: 0 },
          { mfaPolicy: 'PASSKEY', status: 7, sort: 1 },
        ],
      })
      genauth.reply('get-mfa-status', ok(genauth.stored), ok(genauth.stored), ok(intended))
    })
    expect(payload).toMatchObject({ ...done, verified: true })
    expect(calls).toEqual([get, post, get, get])
  })

  it('stays a success, though not a verified one, where it cannot be read back', async () => {
    const { payload, outcomes } = await setWith(genauth => {
      genauth.reply('get-mfa-status', ok(genauth.stored), { status: 502, body: '<html>' })
    })
    expect(payload).toMatchObject({ ...done, verified: false })
    expect(outcomes).toEqual(['APPLIED'])
  })
})

it.each([
  ['a look at bindings', { totpStatus: 'enabled', faceMfaStatus: 'disabled' }],
  ['a look at a user', { userId: 'u', username: 'someone', phone: null }],
  ['a write', { success: true }],
])('the reply to %s is no state before, and nothing is written on it', async (_what, data) => {
  const { payload, calls } = await setWith(genauth => genauth.reply('get-mfa-status', ok(data)))
  expect(payload).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', outcome: 'NOT_APPLIED' })
  expect(calls).toEqual(['get-mfa-status'])
})

describe('a write that is known not to have been sent or done', () => {
  it('when the state before cannot be read', async () => {
    const { payload, calls } = await setWith(genauth => genauth.reply('get-mfa-status', failing(502)))
    expect(payload).toMatchObject({ outcome: 'NOT_APPLIED', observed: null })
    expect(calls).toEqual(Array(3).fill('get-mfa-status'))
  })

  it('when nobody listens', async () => {
    const { payload } = await setWith(() => {}, WITH_TOKEN, {
      env: { GENAUTH_URL: 'http://127.0.0.1:9', GENAUTH_AUTH: 'signature' },
    })
    expect(payload).toMatchObject({ outcome: 'NOT_APPLIED', retryable: true, observed: null })
  })

  it.each([
    ['a malformed value', failing(400), 'MfaInvalidInputError'],
    ['a missing plan', failing(402), 'MfaPlanRequiredError'],
    ['a missing right', failing(403), 'MfaUpstreamForbiddenError'],
    ['a user that it does not know', failing(404), 'MfaUserNotFoundError'],
    ['a clash', failing(409), 'MfaConflictError'],
    ['a refusal', failing(422), 'MfaOperationRefusedError'],
    ['a refusal under the same HTTP status', under(422, failing(422)), 'MfaOperationRefusedError'],
    ['a locked user', failing(403, 2005), 'MfaOperationRefusedError'],
    ['throttling', failing(429), 'MfaRateLimitedError'],
    ['refused credentials', failing(401), 'MfaUpstreamUnavailableError'],
    ['a refused signature', failing(500, 1301), 'MfaUpstreamUnavailableError'],
    ['an operation that GenAuth does not have', failing(501), 'MfaUpstreamUnavailableError'],
  ])('after %s, and is not read back', async (_kind, reply, type) => {
    const { payload, calls, outcomes } = await setWith(genauth => genauth.reply('set-mfa-status', reply))
    expect(payload.__typename).toBe(type)
    if (type === 'MfaUpstreamUnavailableError')
      expect(payload).toMatchObject({ outcome: 'NOT_APPLIED', retryable: false })
    expect(calls.filter(call => call === 'get-mfa-status')).toHaveLength(1)
    expect(outcomes).toEqual(['NOT_APPLIED'])
  })
})

it('a client that goes away does not cut a write in half, and its record is whole', async () => {
  await using genauth = await startFakeGenAuth()
  await using app = await startApp({ upstream: genauth })
  const gone = new AbortController()
  genauth.reply('get-mfa-status', response => {
    gone.abort()
    setTimeout(() => response.end(JSON.stringify({ statusCode: 200, data: genauth.stored })), 50)
  })
  const request = app.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: SET, variables: { input: INPUT } }),
    signal: gone.signal,
  })
  await expect(request).rejects.toThrow()
  await expect.poll(() => genauth.stored.applicationMfa[0].mfaPolicy).toBe('EMAIL')
  await expect
    .poll(() => app.journal.map(({ kind, outcome }) => outcome ?? kind))
    .toEqual(['opened', 'intent', 'APPLIED'])
})
