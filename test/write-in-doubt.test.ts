import { describe, expect, it } from 'vitest'
import { type Json, type StartAppOptions, startApp } from './support/app.ts'
import { CANARY } from './support/canaries.ts'
import {
  type FakeGenAuth,
  failing,
  ok,
  type Reply,
  startFakeGenAuth,
  triggerData,
} from './support/fake-genauth.ts'

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
const silence: Reply = () => {}
const halfAnAnswer: Reply = response => {
  response.writeHead(200, { 'content-length': 100 })
  response.write('{"statusCode":')
  setTimeout(() => response.destroy(), 20)
}
const drip: Reply = response => {
  const timer = setInterval(() => response.write(' '), 50)
  response.once('close', () => clearInterval(timer))
}

/** One faulty answer to a write, sent to the end with the pauses of the layer left out. */
async function setWith(
  prepare: (genauth: FakeGenAuth) => void,
  input: object = INPUT,
  options: StartAppOptions = {},
): Promise<{ payload: Json; calls: string[]; pausesMs: number[]; status: number; headers: Headers }> {
  await using genauth = await startFakeGenAuth()
  const pausesMs: number[] = []
  const sleep = async (ms: number) => void pausesMs.push(ms)
  await using app = await startApp({
    upstream: genauth,
    sleep,
    env: { GENAUTH_TIMEOUT_MS: '400' },
    ...options,
  })
  prepare(genauth)
  const { data, status, headers } = await app.graphql(SET, { input })
  return { payload: data.setUserMfaStatus, calls: genauth.takeCalls(), pausesMs, status, headers }
}

const GENAUTH_ANSWERED: [string, Reply][] = [
  ['a 500 in the envelope', failing(500)],
  ['a 504 in the envelope', failing(504)],
  ['a 601', failing(601)],
  ['apiCode 1306, as for a resend', failing(401, 1306)],
  ['a success without its shape', { body: { statusCode: 200, message: '', data: null } }],
]
const SOMEBODY_ANSWERED: [string, Reply][] = [
  ['an HTTP 500 from a proxy', { status: 500, body: '<html>' }],
  ['an HTTP 504 from a proxy', { status: 504, body: '<html>' }],
  ['a page in place of JSON', { body: '<html>oops</html>' }],
  ['an empty body', { body: '' }],
  ['a redirect', { status: 307, headers: { location: 'http://127.0.0.1:1/' }, body: '' }],
  ['a status as text', { body: { statusCode: '200', message: '', data: { success: true } } }],
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
const ALL = [...GENAUTH_ANSWERED, ...SOMEBODY_ANSWERED, ...CUT_OFF, ...TIMED_OUT]

describe('a write that was made, answered with', () => {
  it.each(ALL)('%s, is read back and is a verified success', async (_kind, reply) => {
    const { payload, calls } = await setWith(
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

describe('a write that was not made, answered with', () => {
  const notApplied = {
    __typename: 'MfaUpstreamUnavailableError',
    code: 'UPSTREAM_UNAVAILABLE',
    retryable: true,
    outcome: 'NOT_APPLIED',
    observed: { factors: BEFORE },
  }

  it.each(GENAUTH_ANSWERED)('%s, is known not to have happened after one look', async (_kind, reply) => {
    const { payload, calls, pausesMs } = await setWith(genauth => genauth.reply('set-mfa-status', reply))
    expect(payload).toEqual(notApplied)
    expect(calls).toEqual(['get-mfa-status', 'set-mfa-status', 'get-mfa-status'])
    expect(pausesMs).toEqual([])
  })

  it.each([...SOMEBODY_ANSWERED, ...CUT_OFF])(
    '%s, is known not to have happened after two looks',
    async (_kind, reply) => {
      const { payload, calls, pausesMs } = await setWith(genauth => genauth.reply('set-mfa-status', reply))
      expect(payload).toEqual(notApplied)
      expect(calls).toEqual(['get-mfa-status', 'set-mfa-status', 'get-mfa-status', 'get-mfa-status'])
      expect(pausesMs).toEqual([300])
    },
  )

  it.each(TIMED_OUT)('%s, may still be on its way', async (_kind, reply) => {
    const { payload, calls } = await setWith(genauth => genauth.reply('set-mfa-status', reply))
    expect(payload).toEqual({ ...notApplied, outcome: 'UNKNOWN' })
    expect(calls).toEqual(['get-mfa-status', 'set-mfa-status', 'get-mfa-status'])
  })

  it.each(ALL)('%s, stays unknown where no state before is known', async (_kind, reply) => {
    const { payload, calls } = await setWith(genauth => genauth.reply('set-mfa-status', reply), WITH_TOKEN)
    expect(payload).toEqual({ ...notApplied, outcome: 'UNKNOWN' })
    expect(calls).toEqual(['set-mfa-status', 'get-mfa-status'])
  })

  it.each(ALL)('%s, stays unknown where the state cannot be read back', async (_kind, reply) => {
    const { payload } = await setWith(genauth => {
      genauth.reply('get-mfa-status', ok(genauth.stored), failing(503))
      genauth.reply('set-mfa-status', reply)
    })
    expect(payload).toEqual({ ...notApplied, outcome: 'UNKNOWN', observed: null })
  })

  it.each(ALL)('%s, stays unknown where a third state is found', async (_kind, reply) => {
    const third = triggerData({ applicationMfa: [{ mfaPolicy: 'FACE', status: 1, sort: 0 }] })
    const { payload } = await setWith(genauth => {
      genauth.reply('get-mfa-status', ok(genauth.stored), ok(third))
      genauth.reply('set-mfa-status', reply)
    })
    expect(payload).toMatchObject({ outcome: 'UNKNOWN', observed: { factors: [{ code: 'FACE' }] } })
  })
})

describe('a write in doubt', () => {
  it('that lands between two looks is a verified success', async () => {
    const { payload } = await setWith(
      genauth => genauth.reply('set-mfa-status', genauth.storing(reset, 150)),
      INPUT,
      { sleep: ms => new Promise(resolve => setTimeout(resolve, ms)) },
    )
    expect(payload).toMatchObject({ __typename: 'SetUserMfaStatusSuccess', verified: true })
  })

  it('is never answered with a status or header that makes a gateway repeat it', async () => {
    for (const [, reply] of ALL) {
      const { status, headers } = await setWith(genauth => genauth.reply('set-mfa-status', reply))
      expect([status, headers.get('retry-after')]).toEqual([200, null])
    }
  })

  it('is not repeated, and a repeat by the caller finds the state and writes nothing', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth, env: { GENAUTH_TIMEOUT_MS: '300' } })
    genauth.reply('set-mfa-status', genauth.storing(silence, 350))
    const first = await app.graphql(SET, { input: INPUT })
    expect(first.data.setUserMfaStatus.outcome).toBe('UNKNOWN')
    expect(genauth.seenOf('set-mfa-status')).toHaveLength(1)
    await new Promise(resolve => setTimeout(resolve, 100))
    const second = await app.graphql(SET, { input: INPUT })
    expect(second.data.setUserMfaStatus).toMatchObject({ applied: false, verified: true })
    expect(genauth.seenOf('set-mfa-status')).toHaveLength(1)
  })

  it('of display fields alone is not taken for done when the old ones are found', async () => {
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
    expect(payload).toMatchObject({ outcome: 'NOT_APPLIED' })
  })
})

it('a read that is repeated is what its last attempt comes to', async () => {
  const { payload } = await setWith(genauth => genauth.reply('get-mfa-status', failing(500), failing(404)))
  expect(payload).toMatchObject({ __typename: 'MfaUserNotFoundError' })
})

describe('a write that GenAuth itself answers with 503', () => {
  it('is sent again, and is a success once it is taken', async () => {
    const { payload, calls } = await setWith(genauth =>
      genauth.reply('set-mfa-status', failing(503), genauth.storing(ok({ success: true }))),
    )
    expect(payload).toMatchObject({ __typename: 'SetUserMfaStatusSuccess', applied: true, verified: false })
    expect(calls).toEqual(['get-mfa-status', 'set-mfa-status', 'set-mfa-status'])
  })

  it.each<[string, Reply]>([
    ['throttled', failing(429)],
    ['refused', failing(422)],
    ['refused for the credentials', failing(401)],
  ])('is read back, not taken as refused, when the repetition is %s', async (_what, reply) => {
    const made = await setWith(genauth =>
      genauth.reply('set-mfa-status', genauth.storing(failing(503)), reply),
    )
    expect(made.payload).toMatchObject({ applied: true, verified: true })
    const notMade = await setWith(genauth => genauth.reply('set-mfa-status', failing(503), reply))
    expect(notMade.payload).toMatchObject({ outcome: 'NOT_APPLIED', observed: { factors: BEFORE } })
  })

  it('three times, is read back', async () => {
    const { payload, calls } = await setWith(genauth => genauth.reply('set-mfa-status', failing(503)))
    expect(payload).toMatchObject({ outcome: 'NOT_APPLIED', observed: { factors: BEFORE } })
    expect(calls).toEqual(['get-mfa-status', ...Array(3).fill('set-mfa-status'), 'get-mfa-status'])
  })
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
    ['a refusal', failing(422), 'MfaOperationRefusedError'],
    ['success false', ok({ success: false }), 'MfaOperationRefusedError'],
    ['throttling', failing(429), 'MfaRateLimitedError'],
    ['refused credentials', failing(401), 'MfaUpstreamUnavailableError'],
    ['an operation that GenAuth does not have', failing(501), 'MfaUpstreamUnavailableError'],
  ])('after %s, and is not read back', async (_kind, reply, type) => {
    const { payload, calls } = await setWith(genauth => genauth.reply('set-mfa-status', reply))
    expect(payload.__typename).toBe(type)
    if (type === 'MfaUpstreamUnavailableError')
      expect(payload).toMatchObject({ outcome: 'NOT_APPLIED', retryable: false })
    expect(calls.filter(call => call === 'get-mfa-status')).toHaveLength(1)
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
