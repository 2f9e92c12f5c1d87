import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { CORS_RESPONSE_HEADERS } from '../src/http/cross-origin.ts'
import { type Json, type StartAppOptions, startApp, type TestApp } from './support/app.ts'
import { clockAt } from './support/hand-clock.ts'
import { HAS_REDIS, startRedis } from './support/redis.ts'

const ADA = '65a000000000000000000001'
const LIMITS = { RATE_LIMITS: 'reads=100,writes=40,weakenings=20,misses=10,policy=3' }
const WHOLE = { READS: 100, WRITES: 40, WEAKENINGS: 20, MISSES: 10, POLICY: 3 }
const POLICY =
  '"reads";q=100;w=60, "writes";q=40;w=60, "weakenings";q=20;w=60, "misses";q=10;w=60, "policy";q=3;w=3600'
const windowOf = (kind: string) => (kind === 'POLICY' ? 3_600 : 60)
const VIEWER =
  '{ mfaViewer { scopes mayRead mayWrite mayReport maySetPolicy maySeeHistory signedInAt limits { kind limit windowS remaining resetsAt } } }'
const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/graphql-response+json' }
const SOON = { timeout: 10_000 }

/** An app whose clock stands still, unless it is turned forward. */
async function startAt(options: StartAppOptions = {}) {
  let nowMs = Date.now()
  const app = await startApp({ clock: clockAt(() => nowMs), env: LIMITS, ...options })
  return Object.assign(app, {
    nowMs: () => nowMs,
    pass(ms: number) {
      nowMs += ms
    },
  })
}

async function view(app: TestApp, headers?: Record<string, string>): Promise<Json> {
  const { data, errors } = await app.graphql(VIEWER, {}, headers)
  expect(errors).toEqual([])
  return data.mfaViewer
}

const remainingOf = ({ limits }: Json) =>
  Object.fromEntries(limits.map(({ kind, remaining }: Json) => [kind, remaining]))

/** Returns the parameters `r` and `t` of each policy. Throws if the header is no list of structured fields. */
function parseRateLimit(headers: Headers): { readonly r: Json; readonly t: Json } {
  const members = (headers.get('ratelimit') ?? '').split(', ').map(member => {
    const [, name = '', r, t] = /^"([a-z]+)";r=(0|[1-9]\d*);t=(0|[1-9]\d*)$/.exec(member) ?? []
    if (name === '') throw new Error(`No item: ${member}`)
    return { kind: name.toUpperCase(), r: Number(r), t: Number(t) }
  })
  const toRecord = (key: 'r' | 't') => Object.fromEntries(members.map(member => [member.kind, member[key]]))
  return { r: toRecord('r'), t: toRecord('t') }
}

const bearer = async (app: TestApp, claims: Record<string, unknown>) => ({
  authorization: `Bearer ${await app.issuer.token(claims)}`,
})

describe('mfaViewer', () => {
  it.each<[string, Record<string, unknown>, Json]>([
    [
      'both scopes',
      { scope: 'mfa:write mfa:read' },
      [['mfa:read', 'mfa:write'], true, true, false, false, false],
    ],
    ['the one for changing alone', { scope: 'mfa:write' }, [['mfa:write'], true, true, false, false, false]],
    ['the one for reading', { scope: 'openid mfa:read' }, [['mfa:read'], true, false, false, false, false]],
    ['the one for reporting', { scope: 'mfa:report' }, [['mfa:report'], false, false, true, false, false]],
    ['the one for histories', { scope: 'mfa:audit' }, [['mfa:audit'], false, false, false, false, true]],
    ['the one for policies', { scope: 'mfa:policy' }, [['mfa:policy'], false, false, false, true, false]],
    [
      'all five',
      { scope: 'mfa:audit mfa:policy mfa:report mfa:write mfa:read' },
      [['mfa:read', 'mfa:write', 'mfa:report', 'mfa:policy', 'mfa:audit'], true, true, true, true, true],
    ],
    [
      'a list of permissions',
      { scope: '', permissions: ['mfa:read', 7] },
      [['mfa:read'], true, false, false, false, false],
    ],
    [
      'others',
      { scope: 'openid MFA:READ mfa:read:all mfa:reports' },
      [[], false, false, false, false, false],
    ],
    ['none', { scope: '' }, [[], false, false, false, false, false]],
  ])('says what a token with these scopes may do: %s', async (_what, claims, expected) => {
    await using app = await startApp({ claims })
    const { scopes, mayRead, mayWrite, mayReport, maySetPolicy, maySeeHistory } = await view(app)
    expect([scopes, mayRead, mayWrite, mayReport, maySetPolicy, maySeeHistory]).toEqual(expected)
  })

  it('names scopes as they are configured, and one name once', async () => {
    await using app = await startApp({
      env: {
        AUTH_READ_SCOPE: 'see',
        AUTH_WRITE_SCOPE: 'change',
        AUTH_REPORT_SCOPE: 'report',
        AUTH_POLICY_SCOPE: 'demand',
        AUTH_AUDIT_SCOPE: 'audit',
      },
      claims: { scope: 'audit see demand report change mfa:read' },
    })
    expect((await view(app)).scopes).toEqual(['see', 'change', 'report', 'demand', 'audit'])
    await using single = await startApp({
      env: {
        AUTH_READ_SCOPE: 'factors',
        AUTH_WRITE_SCOPE: 'factors',
        AUTH_REPORT_SCOPE: 'factors',
        AUTH_POLICY_SCOPE: 'factors',
        AUTH_AUDIT_SCOPE: 'factors',
      },
      claims: { scope: 'factors' },
    })
    expect(await view(single)).toMatchObject({
      scopes: ['factors'],
      mayRead: true,
      mayWrite: true,
      mayReport: true,
      maySetPolicy: true,
      maySeeHistory: true,
    })
  })

  it('says when the caller signed in, or null', async () => {
    await using app = await startApp()
    const inAnHour = Math.floor(Date.now() / 1_000) + 3_600
    const rows: [unknown, string | null][] = [
      [undefined, null],
      [1_790_000_000, '2026-09-21T14:13:20.000Z'],
      [1_790_000_000.25, '2026-09-21T14:13:20.250Z'],
      [0, '1970-01-01T00:00:00.000Z'],
      [inAnHour, null],
      ['1790000000', null],
      [-1e11, null],
      [-1e300, null],
    ]
    for (const [auth_time, expected] of rows) {
      const { signedInAt } = await view(app, await bearer(app, { auth_time }))
      expect(signedInAt, String(auth_time)).toBe(expected)
    }
  })

  it('shows whole limits in a fixed order, and that asking costs none of them', async () => {
    await using app = await startAt()
    for (let asked = 0; asked < 3; asked++) {
      const { limits } = await view(app)
      expect(limits).toEqual(
        Object.entries(WHOLE).map(([kind, limit]) => ({
          kind,
          limit,
          windowS: windowOf(kind),
          remaining: limit,
          resetsAt: new Date(app.nowMs() + windowOf(kind) * 1_000).toISOString(),
        })),
      )
      app.pass(1_000)
    }
    expect(app.takeCalls()).toEqual([])
  })

  it('has no limits, and responses no headers, where RATE_LIMITS is off', async () => {
    await using app = await startApp({ env: { RATE_LIMITS: 'off' } })
    const { data, headers } = await app.graphql(VIEWER)
    expect(data.mfaViewer.limits).toEqual([])
    expect([headers.get('ratelimit'), headers.get('ratelimit-policy')]).toEqual([null, null])
  })

  it('is for callers alone', async () => {
    await using app = await startApp({ claims: null, env: LIMITS })
    const { status, headers, data, errors } = await app.graphql(VIEWER)
    expect([status, data, errors[0].extensions.code]).toEqual([401, undefined, 'UNAUTHENTICATED'])
    expect(headers.get('ratelimit')).toBeNull()
  })

  it('needs no scope, where all else is refused', async () => {
    await using app = await startAt({ claims: { scope: '' } })
    const { status, headers, errors } = await app.graphql(`{ userMfa(userId: "${ADA}") { __typename } }`)
    expect([status, errors[0].extensions.code]).toEqual([200, 'FORBIDDEN'])
    expect(parseRateLimit(headers).r).toEqual(WHOLE)
    expect(remainingOf(await view(app))).toEqual(WHOLE)
  })

  it('does not get past the limits of a document', async () => {
    await using app = await startAt()
    const many = (count: number) =>
      `{ ${Array.from({ length: count }, (_, n) => `a${n}: mfaViewer { limits { remaining } }`).join(' ')} }`
    for (const count of [11, 40, 1_000]) {
      const { status, errors } = await app.graphql(many(count))
      expect([status, errors[0].extensions.code]).toEqual([400, 'LIMIT_EXCEEDED'])
    }
    const { data } = await app.graphql(many(10))
    expect(Object.keys(data)).toHaveLength(10)
    expect(remainingOf(await view(app))).toEqual(WHOLE)
  })
})

/** What is done, and what it uses up of each limit. */
const USES: [string, string, Partial<typeof WHOLE>][] = [
  ['a read', `{ userMfa(userId: "${ADA}") { __typename } }`, { READS: 1 }],
  ['a read of what is bound', `{ userMfa(userId: "${ADA}") { ... on UserMfa { posture } } }`, { READS: 2 }],
  [
    'a guess that finds somebody',
    '{ userMfa(userId: "ada", userIdType: USERNAME) { __typename } }',
    { READS: 1 },
  ],
  ['a miss', '{ userMfa(userId: "nix", userIdType: USERNAME) { __typename } }', { READS: 1, MISSES: 1 }],
  [
    'a list with two misses',
    `{ usersMfa(users: [{ userId: "${ADA}" }, { userId: "nix", userIdType: USERNAME }, { userId: "nox", userIdType: USERNAME }]) { __typename } }`,
    { READS: 3, MISSES: 2 },
  ],
  ['nobody, by an id', '{ userMfa(userId: "65a0000000000000000000ff") { __typename } }', { READS: 1 }],
  ['a malformed identifier', '{ userMfa(userId: " ") { __typename } }', { READS: 1 }],
  ['a preview', change('enable: [FACE], dryRun: true'), { READS: 1 }],
  [
    'a preview that names a contact, which is a guess',
    change('enable: [SMS], dryRun: true, triggerData: { mfaEmail: "guess@example.com" }'),
    { READS: 1, MISSES: 1 },
  ],
  [
    'each representation of a gateway',
    `{ _entities(representations: [{ __typename: "User", id: "${ADA}" }, { a: 1 }]) { __typename } }`,
    { READS: 2 },
  ],
  ['a change of nothing', change('enable: [SMS]'), { WRITES: 1 }],
  ['a change that redirects', change('enable: [FACE]'), { WRITES: 1, WEAKENINGS: 1 }],
  ['a change that weakens', change('disable: [SMS]'), { WRITES: 1, WEAKENINGS: 1 }],
  ['a change that a guard rail refuses', change('factors: [], reason: null'), { WRITES: 1 }],
  ['an input at fault', change('enable: [SMS], reason: " "'), {}],
  ['no document', '{', {}],
  ['a name of the schema', '{ __typename }', {}],
]

function change(what: string) {
  return `mutation { setUserMfaStatus(input: { userId: "${ADA}", ${what} }) { __typename } }`
}

describe('what is left', () => {
  it.each(USES)('is the same in mfaViewer and in the headers after %s', async (_what, document, used) => {
    await using app = await startAt()
    const { headers } = await app.graphql(document)
    const left: Record<string, number> = { ...WHOLE }
    for (const [kind, count] of Object.entries(used)) left[kind] = (left[kind] ?? 0) - count
    expect(headers.get('ratelimit-policy')).toBe(POLICY)
    expect(parseRateLimit(headers).r).toEqual(left)
    expect(remainingOf(await view(app))).toEqual(left)
  })

  it('is whole again a minute after the first count, and not before', async () => {
    await using app = await startAt()
    const read = () => app.graphql(`{ userMfa(userId: "${ADA}") { __typename } }`)
    expect(parseRateLimit((await read()).headers).t).toEqual({
      READS: 60,
      WRITES: 60,
      WEAKENINGS: 60,
      POLICY: 3_600,
      MISSES: 60,
    })
    const endsAt = new Date(app.nowMs() + 60_000).toISOString()
    app.pass(59_400)
    const { headers } = await read()
    expect(parseRateLimit(headers)).toEqual({
      r: { ...WHOLE, READS: 98 },
      t: { READS: 1, WRITES: 60, WEAKENINGS: 60, MISSES: 60, POLICY: 3_600 },
    })
    expect((await view(app)).limits[0]).toMatchObject({ remaining: 98, resetsAt: endsAt })
    app.pass(600)
    expect(remainingOf(await view(app))).toEqual(WHOLE)
  })

  it('is shown to a caller who has nothing left, and says when to come back', async () => {
    await using app = await startAt({ env: { RATE_LIMITS: 'reads=2,writes=1,weakenings=1,misses=1' } })
    const read = () =>
      app.graphql(`{ userMfa(userId: "${ADA}") { ... on MfaRateLimitedError { retryAfterMs } } }`)
    for (let reads = 0; reads < 2; reads++) await read()
    app.takeCalls()
    app.pass(20_000)
    for (let refused = 0; refused < 3; refused++) {
      const { data, headers } = await read()
      expect(data.userMfa.retryAfterMs).toBe(40_000)
      expect(parseRateLimit(headers)).toMatchObject({ r: { READS: 0 }, t: { READS: 40 } })
      expect((await view(app)).limits[0]).toEqual({
        kind: 'READS',
        limit: 2,
        windowS: 60,
        remaining: 0,
        resetsAt: new Date(app.nowMs() + 40_000).toISOString(),
      })
    }
    expect(app.takeCalls()).toEqual([])
  })

  it("is each caller's own", async () => {
    await using app = await startAt()
    const other = await bearer(app, { sub: 'somebody-else' })
    await app.graphql(`{ userMfa(userId: "${ADA}") { __typename } }`)
    expect(remainingOf(await view(app, other))).toEqual(WHOLE)
    expect(parseRateLimit((await app.graphql('{ __typename }', {}, other)).headers).r).toEqual(WHOLE)
    const again = await bearer(app, { jti: 'another token of the same caller' })
    expect(remainingOf(await view(app, again))).toEqual({ ...WHOLE, READS: 99 })
  })
})

describe('the headers RateLimit and RateLimit-Policy', () => {
  const query = JSON.stringify({ query: '{ __typename }' })
  const post = (body: string, headers: Record<string, string> = JSON_HEADERS) => ({
    method: 'POST',
    headers,
    body,
  })

  it.each<[string, number, string, RequestInit]>([
    ['a result', 200, '/graphql', post(query)],
    [
      'a result as text/event-stream',
      200,
      '/graphql',
      post(query, { ...JSON_HEADERS, accept: 'text/event-stream' }),
    ],
    ['a query by GET', 200, '/graphql?query={__typename}', {}],
    ['the schema', 200, '/schema.graphql', {}],
    ['the document is at fault', 400, '/graphql', post('{"query":"{ nothing }"}')],
    ['the body is no JSON', 400, '/graphql', post('{')],
    ['an unknown document', 400, '/graphql', post(JSON.stringify({ documentId: 'a'.repeat(64) }))],
    ['another method', 405, '/graphql', { ...post('{}'), method: 'PUT' }],
    ['a mutation by GET', 405, '/graphql?query=mutation{__typename}', {}],
    ['no type that fits', 406, '/graphql', post(query, { ...JSON_HEADERS, accept: 'text/csv' })],
    ['too large a body', 413, '/graphql', post(' '.repeat(70_000))],
    ['another content type', 415, '/graphql', post('{}', { 'content-type': 'text/plain' })],
  ])('are on each response to a caller: %s', async (_what, expected, path, init) => {
    await using app = await startAt()
    const { status, headers } = await app.fetch(path, init)
    expect([status, headers.get('ratelimit-policy')]).toEqual([expected, POLICY])
    expect(parseRateLimit(headers).r).toEqual(WHOLE)
  })

  it('are on the responses to a caller whose requests are all refused', async () => {
    await using app = await startAt({ env: { ...LIMITS, REFUSED_REQUESTS_PER_MINUTE: '1' } })
    await app.fetch('/graphql', post('{'))
    const { status, headers } = await app.fetch('/graphql', post(query))
    expect([status, headers.get('ratelimit-policy'), headers.get('retry-after')]).toEqual([429, POLICY, '60'])
    expect(parseRateLimit(headers).r).toEqual(WHOLE)
  })

  it.each<[string, number, string, RequestInit, StartAppOptions]>([
    ['no token', 401, '/graphql', post(query), { claims: null }],
    [
      'a token that is refused',
      401,
      '/graphql',
      post(query, { ...JSON_HEADERS, authorization: 'Bearer a.b.c' }),
      {},
    ],
    ['no token for the schema', 401, '/schema.graphql', {}, { claims: null }],
    ['a token that cannot be checked', 503, '/graphql', post(query), { issuerFault: 'DOWN' }],
    ['a path that is not there', 404, '/nothing', {}, {}],
    ['a probe', 200, '/health', {}, {}],
  ])('are on no other response: %s', async (_what, expected, path, init, options) => {
    await using app = await startApp({ env: LIMITS, ...options })
    const { status, headers } = await app.fetch(path, init)
    expect(status).toBe(expected)
    expect([headers.get('ratelimit'), headers.get('ratelimit-policy')]).toEqual([null, null])
  })

  it('can be read by pages of listed origins, with all others that the documentation names', async () => {
    const origin = 'https://console.example.com'
    await using app = await startAt({ env: { ...LIMITS, CORS_ORIGINS: origin } })
    const { headers } = await app.fetch('/graphql', post(query, { ...JSON_HEADERS, origin }))
    const exposed = headers.get('access-control-expose-headers')?.split(', ')
    expect(exposed).toEqual(expect.arrayContaining(['ratelimit', 'ratelimit-policy', 'retry-after']))
    expect(exposed).toEqual([...CORS_RESPONSE_HEADERS])
  })
})

/** Replicas that share a Redis, before one issuer. */
async function startReplicas(url: string) {
  const env = { ...LIMITS, REDIS_URL: url, REDIS_TIMEOUT_MS: '2000' }
  const one = await startApp({ env })
  const other = await startApp({ env: { ...env, ...one.issuer.env } })
  const headers = { authorization: one.authorization }
  return {
    one,
    viewOther: () => view(other, headers),
    askOther: (document: string) => other.graphql(document, {}, headers),
    isOtherLocal: async () => (await other.fetch('/ready')).text.includes('LOCAL_SHARE'),
    async [Symbol.asyncDispose]() {
      await other.close()
      await one[Symbol.asyncDispose]()
    },
  }
}

/** Counts what is sent to Redis about limits. ioredis has a monitor that fails if others send while it begins. */
async function watchCounters(url: string) {
  const client = new Redis(url)
  const { hostname, port } = new URL(url)
  const monitor = connect(Number(port), hostname)
  const lines = createInterface({ input: monitor })
  let sent = 0
  let isMarked = false
  lines.on('line', line => {
    if (line.includes('"echo"')) isMarked = true
    if (!/ lua\]/.test(line) && /\] "eval/i.test(line) && /:(reads|writes|weakenings|misses):/.test(line))
      sent++
  })
  monitor.write('MONITOR\r\n')
  await once(lines, 'line')
  return {
    /** Returns the number since the last time, when Redis has shown all of it. */
    async take() {
      isMarked = false
      await client.echo('all of it')
      await expect.poll(() => isMarked, SOON).toBe(true)
      const count = sent
      sent = 0
      return count
    },
    async [Symbol.asyncDispose]() {
      monitor.destroy()
      client.disconnect()
    },
  }
}

describe.runIf(HAS_REDIS)('with replicas that share Redis, what is left', () => {
  const read = `{ userMfa(userId: "${ADA}") { __typename } }`

  it('is what all of them counted in mfaViewer, and what a replica last heard in its headers', async () => {
    await using redis = await startRedis()
    await using replicas = await startReplicas(redis.url)
    const { one, viewOther, askOther } = replicas
    for (let reads = 1; reads <= 3; reads++) {
      expect(parseRateLimit((await one.graphql(read)).headers).r).toEqual({ ...WHOLE, READS: 100 - reads })
    }
    expect(parseRateLimit((await askOther('{ __typename }')).headers).r).toEqual(WHOLE)
    const seen = await viewOther()
    expect(remainingOf(seen)).toEqual({ ...WHOLE, READS: 97 })
    expect(parseRateLimit((await askOther('{ __typename }')).headers).r).toEqual({ ...WHOLE, READS: 97 })
    const apartMs = Date.parse(seen.limits[0].resetsAt) - Date.parse((await view(one)).limits[0].resetsAt)
    expect(Math.abs(apartMs)).toBeLessThan(1_000)
    const miss = '{ userMfa(userId: "nix", userIdType: USERNAME) { __typename } }'
    const hit = '{ userMfa(userId: "ada", userIdType: USERNAME) { __typename } }'
    expect(parseRateLimit((await askOther(hit)).headers).r).toEqual({ ...WHOLE, READS: 96 })
    await askOther(miss)
    expect(remainingOf(await view(one))).toEqual({ ...WHOLE, READS: 95, MISSES: 9 })
    expect(parseRateLimit((await askOther('{ __typename }')).headers).r).toEqual({
      ...WHOLE,
      READS: 95,
      MISSES: 9,
    })
  })

  it('costs Redis nothing in headers, and one look for each limit in an operation with mfaViewer', async () => {
    await using redis = await startRedis()
    await using replicas = await startReplicas(redis.url)
    const { one } = replicas
    await using counters = await watchCounters(redis.url)
    for (let asked = 0; asked < 5; asked++) await one.graphql('{ __typename }')
    expect(await counters.take()).toBe(0)
    await one.graphql(read)
    expect(await counters.take()).toBeLessThanOrEqual(2)
    const fields = Array.from({ length: 10 }, (_, n) => `a${n}: mfaViewer { limits { remaining } }`)
    await one.graphql(`{ ${fields.join(' ')} }`)
    // The script is sent as a whole if Redis does not know it yet.
    expect(await counters.take()).toBeLessThanOrEqual(8)
    await one.graphql(`{ ${fields.join(' ')} }`)
    expect(await counters.take()).toBe(4)
    await one.graphql('{ mfaViewer { mayRead } }')
    expect(await counters.take()).toBe(0)
  })

  it("is a replica's own share while Redis is lost", async () => {
    await using redis = await startRedis()
    await using replicas = await startReplicas(redis.url)
    const { one, viewOther, askOther, isOtherLocal } = replicas
    await one.graphql(read)
    expect(remainingOf(await viewOther())).toEqual({ ...WHOLE, READS: 99 })
    await redis.kill()
    await expect.poll(isOtherLocal, SOON).toBe(true)
    const share = { READS: 50, WRITES: 20, WEAKENINGS: 10, MISSES: 5, POLICY: 1 }
    expect(remainingOf(await viewOther())).toEqual(share)
    const { headers } = await askOther(read)
    expect(parseRateLimit(headers).r).toEqual({ ...share, READS: 49 })
    expect(headers.get('ratelimit-policy')).toBe(POLICY)
  })
})
