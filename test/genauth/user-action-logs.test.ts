import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { createDeadline } from '../../src/base/deadline.ts'
import type { GenAuthClient } from '../../src/genauth/client.ts'
import type { UserEventType } from '../../src/history/user-event.ts'
import { ownCallContext } from '../../src/mfa/call-context.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import type { Json } from '../support/app.ts'
import { CANARY } from '../support/canaries.ts'
import { type FakeGenAuth, failing, ok, startFakeGenAuth } from '../support/fake-genauth.ts'
import { createClient } from '../support/sandbox-client.ts'

const ADA = '65a000000000000000000001'
const WEB = '62a500000000000000d15d57'

const upstreamOf = (client: GenAuthClient) =>
  client.upstreamFor(ownCallContext(createDeadline(10_000, systemClock)))

describe('the log of a user, in the sandbox', () => {
  it('shows what was verified, bound and unbound, and reads on from a time', async () => {
    await using sandbox = await startSandbox({ port: 0 })
    const client = createClient(sandbox)
    const upstream = upstreamOf(client)
    sandbox.pool.verifyMfa(ADA, true, WEB)
    sandbox.pool.verifyMfa(ADA, false, WEB)
    const list = (type: UserEventType, untilMs: number | null = null) =>
      upstream.listUserEvents({ userId: ADA, type, untilMs, page: 1 })
    const verified = await list('VERIFICATION')
    expect(verified).toMatchObject({
      ok: true,
      value: {
        totalCount: 4,
        unreadable: 0,
        rows: [
          { event: { kind: 'VERIFICATION_FAILED', applicationId: WEB, country: 'CN' } },
          { event: { kind: 'VERIFIED', requestId: expect.any(String) } },
          { event: { kind: 'VERIFIED' } },
          { event: { kind: 'VERIFICATION_FAILED' } },
        ],
      },
    })
    expect(await list('BINDING')).toMatchObject({ value: { rows: [{ event: { kind: 'BOUND' } }] } })
    expect(await list('UNBINDING')).toEqual({ ok: true, value: { rows: [], unreadable: 0, totalCount: 0 } })
    const before = await list('VERIFICATION', Date.UTC(2025, 0, 1))
    expect(before).toMatchObject({ value: { totalCount: 2 } })
    await client.close()
  })
})

describe('the log of a user, by what GenAuth may say', () => {
  let genauth: FakeGenAuth
  let client: GenAuthClient
  beforeAll(async () => {
    genauth = await startFakeGenAuth()
    const { GENAUTH_URL: url = '' } = genauth.env
    client = createClient({ url, accessKeyId: 'id', accessKeySecret: CANARY.accessKeySecret })
  })
  beforeEach(() => genauth.reset())
  afterAll(async () => {
    await client.close()
    await genauth[Symbol.asyncDispose]()
  })

  const AT_MS = Date.UTC(2022, 8, 20, 0, 55, 0, 188)
  const logged = (changes: Json = {}): Json => ({
    userId: ADA,
    eventType: 'bindMfa',
    success: true,
    timestamp: '2022-09-20T08:55:00.188+0800',
    appId: 'app-1',
    requestId: 'request-1',
    geoip: { country_code2: 'CN' },
    ...changes,
  })
  const list = (type: UserEventType = 'BINDING') =>
    upstreamOf(client).listUserEvents({ userId: ADA, type, untilMs: null, page: 1 })
  const listRows = async (rows: Json[], type?: UserEventType) => {
    genauth.reply('get-user-action-logs', ok({ totalCount: rows.length, list: rows }))
    const found = await list(type)
    if (!found.ok) throw new Error(found.failure.kind)
    return found.value
  }

  it('asks for one user and event, by GenAuth’s own words, with milliseconds', async () => {
    genauth.reply('get-user-action-logs', ok({ totalCount: 0, list: [] }))
    const upstream = upstreamOf(client)
    await upstream.listUserEvents({ userId: ADA, type: 'VERIFICATION', untilMs: null, page: 1 })
    await upstream.listUserEvents({ userId: ADA, type: 'UNBINDING', untilMs: AT_MS, page: 2 })
    expect(genauth.seenOf('get-user-action-logs').map(({ params }) => params)).toEqual([
      { userId: ADA, eventType: 'verifyMfa', pagination: { page: 1, limit: 50 } },
      { userId: ADA, eventType: 'unbindMFA', end: AT_MS, pagination: { page: 2, limit: 50 } },
    ])
  })

  it.each<[text: unknown, atMs: number]>([
    ['2022-09-20T08:55:00.188+0800', AT_MS],
    ['2022-09-20T08:55:00.188+08:00', AT_MS],
    ['2022-09-20T00:55:00.188Z', AT_MS],
    ['2022-09-19T19:55:00.188-0500', AT_MS],
    ['2022-09-20T00:55:00Z', AT_MS - 188],
    [AT_MS, AT_MS],
    [String(AT_MS), AT_MS],
  ])('reads the time %s', async (timestamp, atMs) => {
    expect(await listRows([logged({ timestamp })])).toMatchObject({ rows: [{ atMs }], unreadable: 0 })
  })

  it('skips and counts each row whose time is nonsense, and keeps the others', async () => {
    const nonsense: unknown[] = [
      ...[
        'yesterday',
        '',
        '2022-09-20',
        '2022-09-20T08:55:00',
        '2022-13-20T08:55:00Z',
        '0001-01-01T00:00:00Z',
      ],
      ...['9999-12-31T23:59:59Z', '1663635300', 1_663_635_300, 0, -5, 1e20, null, {}, []],
    ]
    const rows = nonsense.map(timestamp => logged({ timestamp }))
    const found = await listRows([logged(), ...rows, logged({ timestamp: '2022-09-20T00:55:01Z' })])
    expect(found.rows.map(({ atMs }) => atMs)).toEqual([AT_MS, AT_MS + 812])
    expect(found.unreadable).toBe(nonsense.length)
  })

  it('takes no row of another user or event, or without its result', async () => {
    const found = await listRows([
      logged({ userId: ADA.toUpperCase(), eventType: 'bindMFA' }),
      logged({ userId: null }),
      logged({ userId: 'another' }),
      logged({ eventType: 'verifyMfa' }),
      logged({ eventType: undefined }),
      logged({ success: undefined }),
      logged({ success: 'perhaps' }),
      'row',
      null,
    ])
    expect(found.rows).toHaveLength(2)
    expect(found.unreadable).toBe(7)
  })

  it('does not take an attempt that failed for a binding', async () => {
    const rows = [logged({ success: false }), logged({ success: 'true' })]
    expect(await listRows(rows)).toMatchObject({
      rows: [
        { atMs: AT_MS, event: null },
        { atMs: AT_MS, event: { kind: 'BOUND' } },
      ],
      unreadable: 0,
    })
  })

  it('drops all that says who, where and by which device', async () => {
    const secrets = {
      clientIp: CANARY.phone,
      userAgent: CANARY.phone,
      userAvatar: CANARY.phone,
      userDisplayName: CANARY.email,
      eventDetail: `登录账户「 ${CANARY.email} 」`,
      appName: CANARY.phone,
      parsedUserAgent: { device: CANARY.phone },
      geoip: { country_code2: 'FR', city_name: CANARY.phone, location: { lon: CANARY.phone } },
    }
    const found = await listRows([
      logged(secrets),
      logged({ appId: CANARY.email, requestId: `request of ${CANARY.email}`, geoip: CANARY.email }),
      logged({ geoip: { country_code2: 'France' } }),
    ])
    expect(found.rows.map(({ event }) => event)).toMatchObject([
      { country: 'FR', applicationId: 'app-1', requestId: 'request-1' },
      { country: null, applicationId: null, requestId: null },
      { country: null },
    ])
    expect(Object.keys(found.rows[0]?.event ?? {}).toSorted()).toEqual([
      'applicationId',
      'atMs',
      'country',
      'id',
      'kind',
      'requestId',
    ])
    expect(JSON.stringify(found)).not.toContain(CANARY.phone)
    expect(JSON.stringify(found)).not.toContain(CANARY.email)
  })

  it('gives a row the same id each time, and two events of one request two ids', async () => {
    const verified = logged({ eventType: 'verifyMfa' })
    const [bound] = (await listRows([logged()])).rows
    const [again] = (await listRows([logged({ timestamp: AT_MS, clientIp: 'another' })])).rows
    const [other] = (await listRows([verified], 'VERIFICATION')).rows
    expect(again).toEqual(bound)
    const ids = [bound, other].map(row => row?.event?.id)
    expect(ids).toEqual([expect.any(String), expect.any(String)])
    expect(new Set(ids).size).toBe(2)
  })

  it.each<[what: string, data: unknown]>([
    ['has no list', { totalCount: 0 }],
    ['has no count', { list: [] }],
    [
      'has more rows than were asked for',
      { totalCount: 51, list: Array.from({ length: 51 }, () => logged()) },
    ],
    ['is empty', null],
  ])('is a faulty answer if it %s', async (_what, data) => {
    genauth.reply('get-user-action-logs', ok(data))
    expect(await list()).toMatchObject({ ok: false, failure: { reason: 'FAULTY_ANSWER' } })
  })

  it.each([
    [402, 'PLAN_REQUIRED'],
    [403, 'UPSTREAM_FORBIDDEN'],
  ])('fails with the cause when it is refused with %s', async (statusCode, kind) => {
    genauth.reply('get-user-action-logs', failing(statusCode))
    expect(await list()).toMatchObject({ ok: false, failure: { kind } })
  })
})
