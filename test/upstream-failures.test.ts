import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from './support/app.ts'
import { CANARY } from './support/canaries.ts'
import { type FakeGenAuth, failing, type Reply, startFakeGenAuth } from './support/fake-genauth.ts'
import { createClockAhead, skipWaits } from './support/hand-clock.ts'

const ERROR = `... on MfaError { code message retryable requestId upstreamStatusCode upstreamApiCode upstreamRequestId }`
const READ = `{ userMfa(userId: "u") { __typename ${ERROR} ... on MfaUpstreamUnavailableError { outcome }
  ... on MfaInvalidInputError { fieldErrors { path message } }
  ... on MfaRateLimitedError { retryAfterMs origin } } }`
const SET = `mutation { setUserMfaStatus(input: { userId: "u", factors: [{ type: FACE }], triggerData: { mfaToken: "${CANARY.mfaToken}" } }) {
  __typename ${ERROR} ... on MfaUpstreamUnavailableError { outcome }
  ... on MfaInvalidInputError { fieldErrors { path message } }
  ... on MfaRateLimitedError { retryAfterMs origin } } }`

/**
 * One row: what GenAuth says, the union member it becomes, whether a repeat may help, what a write knows. A write
 * that may have been made is always `MfaUpstreamUnavailableError`.
 */
type Row = readonly [
  code: number,
  type: string,
  retryable: boolean,
  outcome: 'NOT_APPLIED' | 'UNKNOWN' | null,
]

const BY_STATUS_CODE: readonly Row[] = [
  [100, 'MfaUpstreamUnavailableError', true, 'UNKNOWN'],
  [201, 'MfaUpstreamUnavailableError', true, 'UNKNOWN'],
  [302, 'MfaUpstreamUnavailableError', true, 'UNKNOWN'],
  [400, 'MfaInvalidInputError', false, null],
  [401, 'MfaUpstreamUnavailableError', false, 'NOT_APPLIED'],
  [402, 'MfaPlanRequiredError', false, null],
  [403, 'MfaUpstreamForbiddenError', false, null],
  [404, 'MfaUserNotFoundError', false, null],
  [405, 'MfaOperationRefusedError', false, null],
  [408, 'MfaUpstreamUnavailableError', true, 'UNKNOWN'],
  [409, 'MfaConflictError', false, null],
  [413, 'MfaOperationRefusedError', false, null],
  [418, 'MfaOperationRefusedError', false, null],
  [422, 'MfaOperationRefusedError', false, null],
  [429, 'MfaRateLimitedError', true, null],
  [499, 'MfaOperationRefusedError', false, 'UNKNOWN'],
  [500, 'MfaUpstreamUnavailableError', true, 'UNKNOWN'],
  [501, 'MfaUpstreamUnavailableError', false, 'NOT_APPLIED'],
  [502, 'MfaUpstreamUnavailableError', true, 'UNKNOWN'],
  [503, 'MfaUpstreamUnavailableError', true, 'UNKNOWN'],
  [504, 'MfaUpstreamUnavailableError', true, 'UNKNOWN'],
  [599, 'MfaUpstreamUnavailableError', true, 'UNKNOWN'],
  [601, 'MfaUpstreamUnavailableError', true, 'UNKNOWN'],
  [602, 'MfaUpstreamUnavailableError', false, 'UNKNOWN'],
  [603, 'MfaUpstreamUnavailableError', false, 'UNKNOWN'],
  [604, 'MfaUpstreamUnavailableError', true, 'UNKNOWN'],
  [777, 'MfaUpstreamUnavailableError', true, 'UNKNOWN'],
]

const DECIDING_API_CODES: readonly Row[] = [
  [1300, 'MfaUpstreamUnavailableError', false, 'NOT_APPLIED'],
  [1301, 'MfaUpstreamUnavailableError', false, 'NOT_APPLIED'],
  [1302, 'MfaUpstreamUnavailableError', false, 'NOT_APPLIED'],
  [1303, 'MfaUpstreamUnavailableError', false, 'NOT_APPLIED'],
  [1304, 'MfaUpstreamUnavailableError', false, 'NOT_APPLIED'],
  [1305, 'MfaUpstreamUnavailableError', false, 'NOT_APPLIED'],
  [1306, 'MfaUpstreamUnavailableError', true, 'UNKNOWN'],
  [2004, 'MfaUserNotFoundError', false, null],
  [2005, 'MfaOperationRefusedError', false, null],
  [2020, 'MfaUpstreamUnavailableError', false, 'NOT_APPLIED'],
  [2224, 'MfaUpstreamUnavailableError', false, 'NOT_APPLIED'],
  [4021, 'MfaPlanRequiredError', false, null],
  [2120008, 'MfaOperationRefusedError', false, null],
]

/** Codes that GenAuth lists and that say nothing about MFA: the status decides. */
const OTHER_API_CODES = [
  1600, 1635, 1636, 1639, 1640, 1641, 1642, 1643, 1699, 1700, 1701, 1702, 1703, 1704, 1705, 1706, 1707, 2006,
  2011, 2031, 2039, 2040, 2058, 2333, 6001, 6002, 6003, 6004, 2130010, 2820002,
]

function toWritten(type: string, outcome: Row[3]) {
  if (outcome === 'UNKNOWN') return { __typename: 'MfaUpstreamUnavailableError', outcome }
  return { __typename: type, ...(outcome && { outcome }) }
}

/** After this time the circuit breaker and the limits of the rate have forgotten every call before. */
const FORGOTTEN_AFTER_MS = 60_000
const { clock, forward } = createClockAhead(skipWaits(4_000))
let genauth: FakeGenAuth
let app: TestApp

beforeAll(async () => {
  genauth = await startFakeGenAuth()
  app = await startApp({ upstream: genauth, clock })
})

afterAll(async () => {
  await app[Symbol.asyncDispose]()
  await genauth[Symbol.asyncDispose]()
})

async function answersTo(reply: Reply) {
  forward(FORGOTTEN_AFTER_MS)
  genauth.reply('get-mfa-status', reply)
  genauth.reply('set-mfa-status', reply)
  const { length } = app.log
  const read = await app.graphql(READ)
  const set = await app.graphql(SET)
  expect([read.status, read.errors, set.status, set.errors]).toEqual([200, [], 200, []])
  return { read: read.data.userMfa, set: set.data.setUserMfaStatus, log: app.log.slice(length) }
}

describe('what GenAuth says becomes', () => {
  it.each(BY_STATUS_CODE)('statusCode %i: %s', async (statusCode, type, retryable, outcome) => {
    const { read, set } = await answersTo(failing(statusCode))
    const readType = type === 'MfaConflictError' ? 'MfaOperationRefusedError' : type
    const common = { retryable, upstreamStatusCode: statusCode, upstreamRequestId: 'upstream-request-1' }
    expect(set).toMatchObject({ ...common, ...toWritten(type, outcome) })
    expect(read).toMatchObject({ __typename: readType, ...common })
    expect(read.outcome ?? null).toBe(null)
  })

  it.each(DECIDING_API_CODES)(
    'apiCode %i under any status: %s',
    async (apiCode, type, retryable, outcome) => {
      const isSignature = apiCode >= 1300 && apiCode <= 1305
      for (const statusCode of [200, 400, 403, 404, 500]) {
        const isRefused = isSignature || (statusCode >= 400 && statusCode < 500)
        const { read, set } = await answersTo(failing(statusCode, apiCode))
        const common = { retryable, upstreamStatusCode: statusCode, upstreamApiCode: apiCode }
        expect(set).toMatchObject({ ...common, ...toWritten(type, isRefused ? outcome : 'UNKNOWN') })
        expect(read).toMatchObject({ __typename: type, ...common })
        expect(read.outcome ?? null).toBe(null)
      }
    },
  )

  it.each(OTHER_API_CODES)('apiCode %i: what its status means', async apiCode => {
    const { read, set } = await answersTo(failing(403, apiCode))
    for (const answer of [read, set]) {
      expect(answer).toMatchObject({ __typename: 'MfaUpstreamForbiddenError', upstreamApiCode: apiCode })
    }
  })

  it('the body’s statusCode decides, whatever the HTTP status; a write wants one that fits', async () => {
    const body = { statusCode: 404, message: '' }
    for (const status of [200, 201, 400, 401, 403, 404, 408, 499, 500, 502, 503, 504]) {
      const { read, set } = await answersTo({ status, body })
      expect(read.__typename).toBe('MfaUserNotFoundError')
      const fits = status < 500 && status !== 408 && status !== 499
      const inDoubt = { __typename: 'MfaUpstreamUnavailableError', outcome: 'UNKNOWN' }
      expect(set).toMatchObject(fits ? { __typename: 'MfaUserNotFoundError' } : inDoubt)
    }
  })

  it.each([
    ['HTTP 429 with the envelope', { status: 429, body: { statusCode: 429, message: '' } }, null],
    ['429 in a 200', { body: { statusCode: 429, message: '' } }, null],
    ['HTTP 429 from a proxy', { status: 429, body: '<html>' }, null],
    ['Retry-After in seconds', { status: 429, headers: { 'retry-after': '2' }, body: '' }, 2_000],
    [
      'an endless Retry-After',
      { status: 429, headers: { 'retry-after': '9'.repeat(30) }, body: '' },
      86_400_000,
    ],
    ['a Retry-After that is none', { status: 429, headers: { 'retry-after': 'soon' }, body: '' }, null],
    [
      'a Retry-After in the past',
      { status: 429, headers: { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, body: '' },
      0,
    ],
  ])('%s: MfaRateLimitedError', async (_kind, reply, retryAfterMs) => {
    const { read, set } = await answersTo(reply)
    const limited = { __typename: 'MfaRateLimitedError', retryAfterMs, origin: 'GENAUTH' }
    expect(read).toMatchObject(limited)
    // A page is not GenAuth's word that it left the write alone.
    const isPage = typeof reply.body === 'string'
    const inDoubt = { __typename: 'MfaUpstreamUnavailableError', retryable: true, outcome: 'UNKNOWN' }
    expect(set).toMatchObject(isPage ? inDoubt : limited)
  })

  it('a proxy’s page, whatever its status, is no word about the user', async () => {
    for (const status of [200, 204, 302, 400, 403, 404, 413, 500, 503]) {
      const answers = await answersTo({ status, body: status === 204 ? '' : '<html>404</html>' })
      const nothingSaid = { __typename: 'MfaUpstreamUnavailableError', upstreamStatusCode: null }
      expect(answers.read).toMatchObject({ ...nothingSaid, outcome: null })
      expect(answers.set).toMatchObject({ ...nothingSaid, outcome: 'UNKNOWN' })
    }
  })

  it.each([
    ['an array', []],
    ['a number', 1],
    ['null', null],
    ['an envelope without statusCode', { message: '', data: {} }],
    ['a fractional statusCode', { statusCode: 200.5, data: {} }],
    ['trigger data of the wrong shape', { statusCode: 200, data: { applicationMfa: 'SMS' } }],
    ['a factor without a name', { statusCode: 200, data: { applicationMfa: [{ status: 1, sort: 0 }] } }],
    ['two megabytes', { statusCode: 200, data: { mfaPhone: 'x'.repeat(2_000_000) } }],
  ])('nonsense (%s): MfaUpstreamUnavailableError', async (_kind, body) => {
    expect((await answersTo({ body: JSON.stringify(body) })).read.__typename).toBe(
      'MfaUpstreamUnavailableError',
    )
  })

  it('a request id or an apiCode that is none is dropped, not passed on', async () => {
    const body = { statusCode: 403, requestId: `<b>${CANARY.phone}</b>`, apiCode: 'x', message: null }
    const { read } = await answersTo({ body })
    expect(read).toMatchObject({ upstreamRequestId: null, upstreamApiCode: null, upstreamStatusCode: 403 })
  })

  it('a malformed value is blamed on the nearest field, in our words', async () => {
    const { read, set } = await answersTo(failing(400))
    const message = 'GenAuth refused a value as malformed.'
    expect(read.fieldErrors).toEqual([{ path: ['userId'], message }])
    expect(set.fieldErrors).toEqual([{ path: ['input'], message }])
  })

  it('refused credentials are logged loudly, without the credentials', async () => {
    const { log } = await answersTo(failing(401))
    const loud = log.filter(line => line.level === 'error')
    expect(loud).toHaveLength(2)
    expect(loud[0]).toMatchObject({ endpoint: 'get-mfa-status', statusCode: 401 })
  })

  it.each([
    ['a fault', failing(500), { failure: 'UPSTREAM_UNAVAILABLE', reason: 'FAULTY_ANSWER', statusCode: 500 }],
    ['throttling', failing(429), { failure: 'RATE_LIMITED', statusCode: 429 }],
    ['a missing right', failing(403), { failure: 'UPSTREAM_FORBIDDEN', statusCode: 403 }],
    ['a missing plan', failing(402), { failure: 'PLAN_REQUIRED', statusCode: 402 }],
    [
      'a wrong shape',
      { body: { statusCode: 200, data: { mfaPhone: [] } } },
      { cause: ['invalid_type at mfaPhone'] },
    ],
    ['a lost connection', (response: { destroy(): void }) => response.destroy(), { cause: 'UND_ERR_SOCKET' }],
  ])('%s is a warning in the log', async (_kind, reply, expected) => {
    const { log } = await answersTo(reply as Reply)
    expect(log.find(line => line.level === 'warn')).toMatchObject({ endpoint: 'get-mfa-status', ...expected })
  })

  it.each([failing(400), failing(404), failing(409), failing(422)])(
    'what a caller causes is none: %j',
    async reply => {
      const { log } = await answersTo(reply)
      expect(log.filter(line => line.level !== 'debug' && line.level !== 'info')).toEqual([])
    },
  )

  it.each([302, 307])('a success under HTTP %i is none', async status => {
    const { set } = await answersTo({ status, body: { statusCode: 200, data: { success: true } } })
    expect(set.__typename).toBe('MfaUpstreamUnavailableError')
  })

  it('no redirect is followed', async () => {
    await using elsewhere = await startFakeGenAuth()
    const location = `${elsewhere.env['GENAUTH_URL']}/api/v3/set-mfa-status`
    const { read, set } = await answersTo({ status: 307, headers: { location }, body: '' })
    expect([read.__typename, set.__typename]).toEqual(Array(2).fill('MfaUpstreamUnavailableError'))
    expect(elsewhere.seen).toEqual([])
  })
})
