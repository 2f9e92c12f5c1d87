import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from './support/app.ts'
import { failing, type Reply } from './support/fake-genauth.ts'
import { MISSING_CALL, POOL_VARIANTS, type PoolGenAuth, startPoolGenAuth } from './support/pool-genauth.ts'

const SET = `mutation ($input: SetMfaPoolPolicyInput!) { setMfaPoolPolicy(input: $input) {
  __typename
  ... on SetMfaPoolPolicySuccess { policy { enabledFactors otherFactors } changed applied verified }
  ... on MfaPolicyUnavailableError { outcome retryable observed { enabledFactors otherFactors } }
  ... on MfaOperationRefusedError { observed { enabledFactors otherFactors } }
  ... on MfaError { code message }
} }`

const BEFORE = ['EMAIL', 'PASSKEY', 'SMS']
const WISHES = {
  enable: ['SMS', 'EMAIL', 'OTP'],
  disable: ['SMS'],
  both: ['SMS', 'OTP'],
  'no-op': ['EMAIL', 'SMS'],
} as const
type Wish = keyof typeof WISHES

/** The type of the result, and the number of calls. */
const SUCCESS = 'SetMfaPoolPolicySuccess'
const UNAVAILABLE = 'MfaPolicyUnavailableError'
const REFUSED = 'MfaOperationRefusedError'
const EXPECTED: Record<(typeof POOL_VARIANTS)[number], Record<Wish, [type: string, calls: number]>> = {
  adds: { enable: [SUCCESS, 3], disable: [SUCCESS, 5], both: [SUCCESS, 5], 'no-op': [SUCCESS, 1] },
  replaces: { enable: [SUCCESS, 3], disable: [SUCCESS, 3], both: [SUCCESS, 3], 'no-op': [SUCCESS, 1] },
  ignores: {
    enable: [UNAVAILABLE, 3],
    disable: [UNAVAILABLE, 5],
    both: [UNAVAILABLE, 3],
    'no-op': [SUCCESS, 1],
  },
  'fails on the second write': {
    enable: [SUCCESS, 3],
    disable: [UNAVAILABLE, 5],
    both: [UNAVAILABLE, 5],
    'no-op': [SUCCESS, 1],
  },
  'loses the answer': {
    enable: [SUCCESS, 3],
    disable: [SUCCESS, 5],
    both: [SUCCESS, 5],
    'no-op': [SUCCESS, 1],
  },
  'has no disable call': {
    enable: [SUCCESS, 3],
    disable: [REFUSED, 5],
    both: [REFUSED, 5],
    'no-op': [SUCCESS, 1],
  },
}

let genauth: PoolGenAuth
let app: TestApp
beforeAll(async () => {
  genauth = await startPoolGenAuth()
  app = await startApp({ upstream: genauth })
})
afterAll(async () => {
  await app[Symbol.asyncDispose]()
  await genauth[Symbol.asyncDispose]()
})

async function set(enabledFactors: readonly string[], more: Record<string, unknown> = {}) {
  const { data, errors } = await app.graphql(SET, { input: { enabledFactors, ...more } })
  expect(errors).toEqual([])
  return data.setMfaPoolPolicy
}

const codesOf = (policy: { enabledFactors: string[]; otherFactors: string[] }) =>
  [...policy.enabledFactors, ...policy.otherFactors].sort()

/** No state may lack a factor of both before and after. Nothing wanted may be off while something old is off. */
function expectNoGap(wish: readonly string[]): void {
  const wanted = [...wish, 'PASSKEY']
  for (const state of genauth.states) {
    expect(state).toEqual(expect.arrayContaining(BEFORE.filter(code => wanted.includes(code))))
    if (!BEFORE.every(code => state.includes(code))) expect(state).toEqual(expect.arrayContaining(wanted))
  }
}

describe.each(POOL_VARIANTS)('where GenAuth %s', variant => {
  it.each(Object.keys(WISHES) as Wish[])('the result of a change to %s is what GenAuth has', async wish => {
    genauth.begin(BEFORE, variant)
    const result = await set(WISHES[wish])
    const [type, calls] = EXPECTED[variant][wish]
    expect([result.__typename, genauth.takeCalls().length]).toEqual([type, calls])
    const wanted = [...WISHES[wish], 'PASSKEY'].sort()
    if (type === SUCCESS) {
      expect([codesOf(result.policy), genauth.factors()]).toEqual([wanted, wanted])
      const isChange = wish !== 'no-op'
      expect(result).toMatchObject({ changed: isChange, applied: isChange, verified: true })
    } else {
      expect(codesOf(result.observed)).toEqual(genauth.factors())
      expect(genauth.factors()).not.toEqual(wanted)
      expect(result.outcome).toBe(type === UNAVAILABLE ? 'UNKNOWN' : undefined)
    }
    expectNoGap(WISHES[wish])
    expect(result.message ?? '').not.toContain('upstream text')
  })
})

describe('a second write', () => {
  it.each<[string, Reply, string]>([
    ['404 of GenAuth', failing(404), REFUSED],
    ['501 of GenAuth', failing(501), REFUSED],
    ['a page with 404', MISSING_CALL, REFUSED],
    ['409', failing(409), UNAVAILABLE],
    ['402', failing(402), UNAVAILABLE],
    ['apiCode 4021', failing(200, 4021), UNAVAILABLE],
    ['403', failing(403), UNAVAILABLE],
    ['429', failing(429), UNAVAILABLE],
    ['a page with 502', { status: 502, body: '<html>' }, UNAVAILABLE],
  ])('that ends with %s tells what the first has switched on', async (_what, reply, type) => {
    genauth.begin(BEFORE)
    genauth.reply('disable-global-mfa-settings', reply)
    const result = await set(['SMS', 'OTP'])
    expect(result).toMatchObject({ __typename: type })
    expect(codesOf(result.observed)).toEqual(['EMAIL', 'OTP', 'PASSKEY', 'SMS'])
    expect(genauth.factors()).toEqual(['EMAIL', 'OTP', 'PASSKEY', 'SMS'])
    expectNoGap(['SMS', 'OTP'])
  })

  it('is not sent while a wanted factor is off, or a factor that this version does not know has changed', async () => {
    for (const codes of [
      ['SMS', 'EMAIL', 'PASSKEY'],
      ['SMS', 'EMAIL', 'OTP'],
      ['SMS', 'EMAIL', 'OTP', 'PASSKEY', 'WEBAUTHN'],
    ]) {
      genauth.begin(BEFORE)
      genauth.reply('update-global-mfa-settings', (response, _request) => {
        genauth.begin(codes)
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end(JSON.stringify({ statusCode: 200, message: '', data: { enabledFactors: codes } }))
      })
      const result = await set(['SMS', 'OTP'])
      expect(result).toMatchObject({ __typename: UNAVAILABLE, outcome: 'UNKNOWN', retryable: true })
      expect(codesOf(result.observed)).toEqual([...codes].sort())
      expect(genauth.seenOf('disable-global-mfa-settings')).toEqual([])
    }
  })
})

describe('a first write', () => {
  it.each<[string, Reply, Record<string, unknown>]>([
    ['409', failing(409), { __typename: 'MfaConflictError' }],
    ['402', failing(402), { __typename: 'MfaPlanRequiredError' }],
    ['apiCode 4021', failing(400, 4021), { __typename: 'MfaPlanRequiredError' }],
    ['403', failing(403), { __typename: 'MfaUpstreamForbiddenError' }],
    ['422', failing(422), { __typename: REFUSED, observed: null }],
    ['400', failing(400), { __typename: REFUSED, observed: null }],
    ['404', failing(404), { __typename: REFUSED, observed: null }],
    ['501', failing(501), { __typename: UNAVAILABLE, outcome: 'NOT_APPLIED', retryable: false }],
  ])(
    'that GenAuth refuses with %s has changed nothing, and no other follows',
    async (_what, reply, expected) => {
      genauth.begin(BEFORE)
      genauth.reply('update-global-mfa-settings', reply)
      expect(await set(['SMS', 'OTP'])).toMatchObject(expected)
      expect(genauth.factors()).toEqual(BEFORE)
      expect(genauth.takeCalls()).toEqual(['get-global-mfa-settings', 'update-global-mfa-settings'])
    },
  )

  it('in doubt whose read fails, too, is unknown with nothing observed', async () => {
    genauth.begin(BEFORE, 'loses the answer')
    const read: Reply = { body: { statusCode: 200, message: '', data: { enabledFactors: BEFORE } } }
    genauth.reply('get-global-mfa-settings', read, failing(500))
    expect(await set(['SMS', 'OTP'])).toMatchObject({
      __typename: UNAVAILABLE,
      outcome: 'UNKNOWN',
      observed: null,
    })
  })
})
