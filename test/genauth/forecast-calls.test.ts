import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { createDeadline } from '../../src/base/deadline.ts'
import type { GenAuthClient } from '../../src/genauth/client.ts'
import { ownCallContext } from '../../src/mfa/call-context.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { CANARY } from '../support/canaries.ts'
import { type FakeGenAuth, failing, ok, startFakeGenAuth, triggerData } from '../support/fake-genauth.ts'
import { createClient } from '../support/sandbox-client.ts'

const APPLICATION = '62a500000000000000d15d57'
const DESK = '62a500000000000000d15d59'
const ADA = { userId: '65a000000000000000000001', userIdType: 'USER_ID' } as const
const TIM = '65a000000000000000000008'

const UNKNOWN = { ok: false, failure: { kind: 'USER_NOT_FOUND' } }

const upstreamOf = (client: GenAuthClient) =>
  client.upstreamFor(ownCallContext(createDeadline(10_000, systemClock)))

describe('the calls of forecasts, in the sandbox', () => {
  it('reads and lists applications, with their rules where they are asked for', async () => {
    await using sandbox = await startSandbox({ port: 0 })
    const client = createClient(sandbox)
    const upstream = upstreamOf(client)
    const desk = { id: DESK, name: 'Ticket desk 工单', identifier: 'ticket-desk', type: 'web' }
    expect(await upstream.readApplication(DESK)).toEqual({ ok: true, value: { ...desk, hasOwnRules: false } })
    expect(await upstream.readApplication('another')).toMatchObject(UNKNOWN)
    const all = { search: null, page: 1, limit: 50 }
    const brief = await upstream.listApplications({ ...all, withRules: false })
    expect(brief).toMatchObject({ ok: true, value: { totalCount: 3 } })
    expect(brief).toMatchObject({ value: { applications: [{}, {}, { ...desk, hasOwnRules: null }] } })
    const whole = await upstream.listApplications({ ...all, withRules: true })
    expect(whole).toMatchObject({
      value: { applications: [{ hasOwnRules: true }, {}, { hasOwnRules: false }] },
    })
    const found = await upstream.listApplications({ search: '工单', withRules: false, page: 1, limit: 5 })
    expect(found).toMatchObject({ value: { totalCount: 1, applications: [desk] } })
    await client.close()
  })

  it("reads a user's trigger data without its token, the functions, and who is exempt", async () => {
    const pipelineFunctions = [{ name: 'f', scene: 'PRE_MFA_VERIFY', isEnabled: true }] as const
    await using sandbox = await startSandbox({ port: 0, pipelineFunctions })
    await using other = await startSandbox({ port: 0 })
    const client = createClient(sandbox)
    const plain = createClient(other)
    const upstream = upstreamOf(client)
    const read = await upstream.readTriggerData(APPLICATION, ADA)
    expect(read).toMatchObject({ ok: true, value: { mfaPhone: '13800000001', factors: [{}, {}] } })
    expect(JSON.stringify(read)).not.toMatch(/token/i)
    const nobody = await upstream.readTriggerData(APPLICATION, { ...ADA, userId: 'nobody' })
    expect(nobody).toMatchObject({ ok: false, failure: { kind: 'USER_NOT_FOUND' } })
    expect(await upstream.hasPipelineFunction()).toEqual({ ok: true, value: true })
    expect(await upstreamOf(plain).hasPipelineFunction()).toEqual({ ok: true, value: false })
    expect(await upstream.listExemptions(1)).toEqual({
      ok: true,
      value: { exemptUserIds: [TIM], entries: 1, entryIds: [expect.any(String)], totalCount: 1 },
    })
    await Promise.all([client.close(), plain.close()])
  })
})

describe('the calls of forecasts, by what GenAuth may say', () => {
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

  const application = { appId: 'a', appIdentifier: 'a', appName: 'A', appType: 'web' }
  const FAULTY = { ok: false, failure: { kind: 'UPSTREAM_UNAVAILABLE', reason: 'FAULTY_ANSWER' } }

  it.each<[what: string, reply: ReturnType<typeof ok>, expected: object]>([
    ['404', failing(404), UNKNOWN],
    ['its finer code under any status', failing(400, 2011), UNKNOWN],
    ['another application', ok({ ...application, appId: 'b' }), UNKNOWN],
    [
      'the id alone',
      ok({ appId: 'a', appName: '', appType: 7.5, customSecurityEnabled: 'perhaps' }),
      { ok: true, value: { id: 'a', name: null, identifier: null, type: null, hasOwnRules: null } },
    ],
    [
      'rules as a word',
      ok({ ...application, customSecurityEnabled: 'false' }),
      { value: { hasOwnRules: false } },
    ],
    ['nothing', ok(null), FAULTY],
    ['no id', ok({ appName: 'A' }), FAULTY],
    ['a plan without it', failing(402), { ok: false, failure: { kind: 'PLAN_REQUIRED' } }],
  ])('reads an application: %s', async (_what, reply, expected) => {
    genauth.reply('get-application', reply)
    expect(await upstreamOf(client).readApplication('a')).toMatchObject(expected)
  })

  it.each<[what: string, data: unknown, isGood: boolean]>([
    ['a total in digits', { totalCount: '1', list: [application] }, true],
    ['none', { totalCount: 0, list: [] }, true],
    ['a record without an id', { totalCount: 2, list: [application, { appName: 'B' }] }, false],
    ['more than a page', { totalCount: 51, list: Array(51).fill(application) }, false],
    ['no total', { list: [application] }, false],
    ['no list', { totalCount: 1 }, false],
  ])('lists applications: %s', async (_what, data, isGood) => {
    genauth.reply('list-application-simple-info', ok(data))
    const query = { search: null, withRules: false, page: 1, limit: 50 }
    expect((await upstreamOf(client).listApplications(query)).ok).toBe(isGood)
    expect(genauth.seenOf('list-application-simple-info')[0]?.params).toEqual({ page: '1', limit: '50' })
  })

  it.each<[what: string, data: unknown, isGood: boolean]>([
    ['a list', triggerData(), true],
    ['an empty list', triggerData({ applicationMfa: [] }), true],
    ['a status that is a flag', triggerData({ applicationMfa: [{ mfaPolicy: 'OTP', status: true }] }), true],
    ['no list', triggerData({ applicationMfa: undefined }), false],
    ['null in place of the list', triggerData({ applicationMfa: null }), false],
    ['null', null, false],
    ['nothing of its own', {}, false],
    ['the data of another call', { enabledFactors: ['OTP'] }, false],
    ['a factor without a name', triggerData({ applicationMfa: [{ status: 1, sort: 0 }] }), false],
  ])('reads trigger data: %s', async (_what, data, isGood) => {
    genauth.reply('get-mfa-trigger-data', ok(data))
    const read = await upstreamOf(client).readTriggerData('a', ADA)
    expect(read.ok).toBe(isGood)
    if (read.ok) expect(JSON.stringify(read)).not.toContain(CANARY.mfaToken)
  })

  it.each<[what: string, list: unknown[], expected: boolean]>([
    ['none', [], false],
    ['one that is on', [{ enabled: true }], true],
    ['one that is off', [{ enabled: false }], false],
    ['one that may be on', [{ funcName: 'f' }], true],
    ['one of another scene', [{ scene: 'POST_MFA_VERIFY', enabled: true }], false],
    ['one of two', [{ enabled: 'false' }, { scene: 'PRE_MFA_VERIFY', enabled: 1 }], true],
  ])('knows whether a function runs before a second factor: %s', async (_what, list, expected) => {
    genauth.reply('list-pipeline-functions', ok({ totalCount: list.length, list }))
    expect(await upstreamOf(client).hasPipelineFunction()).toEqual({ ok: true, value: expected })
    expect(genauth.seenOf('list-pipeline-functions')[0]?.params).toEqual({ scene: 'PRE_MFA_VERIFY' })
  })

  it('does not know whether a function runs where GenAuth lists fewer than it counts', async () => {
    genauth.reply('list-pipeline-functions', ok({ totalCount: 2, list: [{ enabled: false }] }))
    expect(await upstreamOf(client).hasPipelineFunction()).toMatchObject({
      failure: { kind: 'UPSTREAM_UNAVAILABLE', reason: 'FAULTY_ANSWER' },
    })
    genauth.reply('list-pipeline-functions', ok({ totalCount: 2, list: [{ enabled: true }] }))
    expect(await upstreamOf(client).hasPipelineFunction()).toEqual({ ok: true, value: true })
  })

  it('reads who is exempt, in every form of the samples, and tells what it could read apart', async () => {
    const entry = (userId: unknown, limitList: unknown, userListType = 'WHITE') => ({
      userId,
      limitList,
      userListType,
    })
    const list = [
      { id: 'e1', ...entry('65A00000000000000000000A', ['SKIP_MFA']) },
      entry('b', '[SKIP_MFA]'),
      entry('c', '["FORBID_REGISTER","SKIP_MFA"]'),
      entry('d', ['FORBID_LOGIN']),
      entry('e', ['SKIP_MFA'], 'BLACK'),
      entry('f', ['NOT_SKIP_MFA']),
      entry(null, ['SKIP_MFA']),
      entry('g', 7),
      'h',
    ]
    genauth.reply('user-list', ok({ totalCount: '9', list }))
    expect(await upstreamOf(client).listExemptions(3)).toEqual({
      ok: true,
      value: {
        exemptUserIds: ['65a00000000000000000000a', 'b', 'c'],
        entries: 9,
        entryIds: ['e1', 'b', 'c', 'd', 'e', 'f'],
        totalCount: 9,
      },
    })
    expect(genauth.seenOf('user-list')[0]?.params).toEqual({ userListType: 'WHITE', page: '3', limit: '50' })
  })
})
