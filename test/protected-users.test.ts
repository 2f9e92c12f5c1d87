import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../src/base/clock.ts'
import { type Json, startApp, type TestApp } from './support/app.ts'
import { type FakeGenAuth, failing, ok, type Reply, startFakeGenAuth } from './support/fake-genauth.ts'
import { createClockAhead } from './support/hand-clock.ts'

const ADA = '65a000000000000000000001'
const GRACE = '65a000000000000000000002'
const ALAN = '65a000000000000000000003'
const SET = /* GraphQL */ `
  mutation ($input: SetUserMfaStatusInput!) {
    setUserMfaStatus(input: $input) {
      __typename
      ... on SetUserMfaStatusSuccess { applied }
      ... on SetUserMfaStatusPreview { changed }
      ... on MfaError { code message retryable }
      ... on MfaPolicyViolationError { rule effects }
      ... on MfaUpstreamUnavailableError { outcome observed { id } }
    }
  }
`
const SET_SEVERAL = /* GraphQL */ `
  mutation ($input: SetUsersMfaStatusInput!) {
    setUsersMfaStatus(input: $input) {
      ... on SetUsersMfaStatusSuccess {
        succeeded
        results { payload { __typename ... on MfaError { code } ... on MfaPolicyViolationError { rule } } }
      }
    }
  }
`
const REFUSED = { __typename: 'MfaPolicyViolationError', rule: 'PROTECTED_USER', retryable: false }
const UNREAD = {
  __typename: 'MfaUpstreamUnavailableError',
  code: 'UPSTREAM_UNAVAILABLE',
  outcome: 'NOT_APPLIED',
  observed: null,
  message:
    'This server cannot find out whether this is a protected user, so nothing was changed. Try again if retryable is true.',
}

async function set(app: TestApp, input: Json): Promise<Json> {
  const { data } = await app.graphql(SET, { input })
  return data.setUserMfaStatus
}

describe('a user of PROTECTED_USERS', () => {
  it('is weakened and redirected by nobody, by whatever identifier, in a dry run and in a list', async () => {
    const env = {
      PROTECTED_USERS: `${ADA.toUpperCase()},${GRACE}`,
      ALLOW_SELF_WEAKENING: 'on',
      METRICS_PORT: '0',
    }
    await using app = await startApp({ env, claims: { sub: ADA } })
    const wishes = [
      { userId: ADA, disable: ['SMS'] },
      { userId: ADA.toUpperCase(), disable: ['SMS'], allowNoFactor: true, reason: 'Ticket 4711' },
      { userId: 'ada', userIdType: 'USERNAME', disable: ['OTP'] },
      { userId: 'ada@example.com', userIdType: 'EMAIL', disable: ['OTP'] },
      { userId: '+8613800000001', userIdType: 'PHONE', disable: ['OTP'] },
      { userId: ADA, factors: [{ type: 'OTP' }, { type: 'SMS' }] },
      { userId: ADA, triggerData: { mfaEmail: 'thief@example.com' } },
      { userId: ADA, enable: ['EMAIL'], triggerData: { mfaEmail: 'thief@example.com' } },
    ]
    for (const input of wishes) {
      expect(await set(app, input), JSON.stringify(input)).toMatchObject(REFUSED)
      expect(await set(app, { ...input, dryRun: true }), JSON.stringify(input)).toMatchObject(REFUSED)
    }
    const users = [{ userId: ADA }, { userId: 'grace', userIdType: 'USERNAME' }, { userId: ALAN }]
    const input = { users, disable: ['SMS'], allowNoFactor: true }
    const { data } = await app.graphql(SET_SEVERAL, { input })
    const refused = { payload: { rule: 'PROTECTED_USER' } }
    expect(data.setUsersMfaStatus).toMatchObject({ succeeded: 1, results: [refused, refused, {}] })
    expect(app.takeCalls()).not.toContain('set-mfa-status')
    expect(app.journal.filter(({ kind }) => kind === 'intent')).toEqual([])
    // Each contact that is named leaves a record of the guess, as with every other guard rail.
    const probes = app.journal.filter(({ kind }) => kind === 'probe')
    expect(probes.map(({ result }) => result)).toEqual(Array(4).fill('PROTECTED_USER'))
    expect(await app.metrics()).toMatchObject({
      'guard_rail_refusals_total{guard_rail="PROTECTED_USER"}': 2 * wishes.length + 2,
    })
  })

  it('gets one more factor like others, and others are changed like before', async () => {
    await using app = await startApp({ env: { PROTECTED_USERS: ADA } })
    expect(await set(app, { userId: ADA, enable: ['FACE'], dryRun: true })).toMatchObject({ changed: true })
    expect(await set(app, { userId: ADA, enable: ['FACE'] })).toMatchObject({ applied: true })
    expect(await set(app, { userId: ADA, triggerData: { nickname: 'n' } })).toMatchObject({ applied: true })
    expect(await set(app, { userId: GRACE, disable: ['EMAIL'] })).toMatchObject({ applied: true })
    const passed = app.journal.filter(({ kind }) => kind === 'intent').map(({ railsPassed }) => railsPassed)
    expect(passed).toEqual([[], [], []])
  })

  it('is refused after an old revision is', async () => {
    await using app = await startApp({ env: { PROTECTED_USERS: ADA } })
    const { data } = await app.graphql(`{ userMfa(userId: "${GRACE}") { ... on UserMfa { revision } } }`)
    const input = { userId: ADA, disable: ['SMS'], expectedRevision: data.userMfa.revision }
    expect(await set(app, input)).toMatchObject({ code: 'REVISION_CONFLICT' })
  })

  it('comes from the file again on SIGHUP, and a file with a fault changes nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'protected-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const PROTECTED_USERS_FILE = join(folder, 'ids')
    writeFileSync(PROTECTED_USERS_FILE, `${GRACE}\r\n${ALAN}\n`)
    await using app = await startApp({ env: { PROTECTED_USERS_FILE } })
    const previewOf = (userId: string) =>
      set(app, { userId, disable: ['SMS'], allowNoFactor: true, dryRun: true })
    expect(await previewOf(ADA)).toHaveProperty('changed')
    expect(await previewOf(GRACE)).toMatchObject(REFUSED)

    writeFileSync(PROTECTED_USERS_FILE, `${ADA}, ${ALAN}`)
    expect(await previewOf(ADA)).toHaveProperty('changed')
    await app.rereadSecrets()
    expect(await previewOf(ADA)).toMatchObject(REFUSED)
    expect(await previewOf(GRACE)).toHaveProperty('changed')

    for (const content of ['', 'ada@example.com']) {
      writeFileSync(PROTECTED_USERS_FILE, content)
      await app.rereadSecrets()
      expect(await previewOf(ADA)).toMatchObject(REFUSED)
    }
    expect(app.log.filter(({ msg }) => msg.includes('cannot be read again'))).toHaveLength(2)
  })
})

/** A page of a group whose members are these, as GenAuth shows it to the request. */
function pagesOf(members: () => readonly string[], change: (page: number) => Json = () => ({})): Reply {
  return (response, _request, { page }) => {
    const all = members()
    const list = all.slice((page - 1) * 50, page * 50).map(userId => ({ userId }))
    const data = { totalCount: all.length, list, ...change(Number(page)) }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ statusCode: 200, message: '', data }))
  }
}

/** An app whose group has been asked for once, at its start. */
async function startWithGroup(genauth: FakeGenAuth, members: Reply, more: Json = {}) {
  genauth.reply('list-group-members', members)
  const app = await startApp({ upstream: genauth, env: { PROTECTED_GROUP: 'break-glass' }, ...more })
  await expect.poll(() => groupLines(app)).toHaveLength(1)
  genauth.takeCalls()
  return app
}

function groupLines(app: TestApp): Json[] {
  return app.log
    .filter(({ msg }) => msg.startsWith('PROTECTED_GROUP'))
    .map(({ level, fault, count }) => ({ level, fault, count }))
}

const idOf = (index: number) => `65b${index.toString(16).padStart(21, '0')}`
const WEAKEN = { disable: ['OTP'] }

describe('a member of PROTECTED_GROUP', () => {
  it('of the sandbox is protected like a user of PROTECTED_USERS', async () => {
    await using app = await startApp({ env: { PROTECTED_GROUP: 'break-glass', PROTECTED_USERS: GRACE } })
    const input = { users: [{ userId: ADA }, { userId: GRACE }, { userId: 'alan', userIdType: 'USERNAME' }] }
    const { data } = await app.graphql(SET_SEVERAL, {
      input: { ...input, disable: ['SMS'], allowNoFactor: true },
    })
    const refused = { payload: { rule: 'PROTECTED_USER' } }
    expect(data.setUsersMfaStatus).toMatchObject({ succeeded: 1, results: [{}, refused, refused] })
    const [intent] = app.journal.filter(({ kind }) => kind === 'intent')
    expect(intent.railsPassed).toContain('PROTECTED_USER')
  })

  it('is looked for on every page, once a minute by the clock, whatever number of changes asks', async () => {
    let members = Array.from({ length: 120 }, (_, index) => idOf(index))
    const ahead = createClockAhead(systemClock)
    await using genauth = await startFakeGenAuth()
    await using app = await startWithGroup(
      genauth,
      pagesOf(() => members),
      { clock: ahead.clock },
    )
    expect(groupLines(app)).toEqual([{ level: 'info', count: 120 }])
    expect(genauth.seenOf('list-group-members').map(({ params }) => params.code)).toEqual(
      Array(3).fill('break-glass'),
    )

    const dryRun = (index: number) => set(app, { userId: idOf(index), ...WEAKEN, dryRun: true })
    expect(await dryRun(119)).toMatchObject(REFUSED)
    expect(await dryRun(120)).toMatchObject({ changed: true })
    members = [idOf(120)]
    ahead.forward(59_000)
    expect(await dryRun(119)).toMatchObject(REFUSED)
    expect(genauth.takeCalls()).not.toContain('list-group-members')

    ahead.forward(1_001)
    const replies = await Promise.all([dryRun(119), dryRun(120), dryRun(119), dryRun(120)])
    expect(replies).toMatchObject([{ changed: true }, REFUSED, { changed: true }, REFUSED])
    expect(genauth.takeCalls().filter(call => call === 'list-group-members')).toHaveLength(1)
  })

  it('is not looked for where a change takes nothing away', async () => {
    const ahead = createClockAhead(systemClock)
    await using genauth = await startFakeGenAuth()
    await using app = await startWithGroup(
      genauth,
      pagesOf(() => [ADA]),
      { clock: ahead.clock },
    )
    ahead.forward(60_001)
    for (const wish of [{ enable: ['EMAIL'] }, { triggerData: { nickname: 'n' } }]) {
      expect(await set(app, { userId: ADA, ...wish })).toMatchObject({ applied: true })
    }
    expect(genauth.takeCalls()).toEqual([
      'get-mfa-status',
      'set-mfa-status',
      'get-mfa-status',
      'set-mfa-status',
    ])
  })

  const long = (): readonly string[] => Array.from({ length: 5_001 }, (_, index) => idOf(index))
  const two = () => [ADA, GRACE]
  const sixty = () => long().slice(0, 60)
  it.each<[string, Reply[], fault: string, retryable: boolean]>([
    ['GenAuth knows no such group', [failing(404)], 'GROUP_NOT_FOUND', false],
    ['the access key may not read it', [failing(403)], 'UPSTREAM_FORBIDDEN', false],
    ['the plan does not include groups', [failing(200, 4021)], 'PLAN_REQUIRED', false],
    ['GenAuth fails', [failing(500)], 'UPSTREAM_UNAVAILABLE', true],
    ['GenAuth is not understood', [ok({ list: 'none' })], 'UPSTREAM_UNAVAILABLE', true],
    ['it has more members than a read may take', [pagesOf(long)], 'TOO_LARGE', false],
    [
      'a member cannot be read',
      [ok({ totalCount: 2, list: [{ userId: ADA }, { name: 'x' }] })],
      'INCOMPLETE',
      true,
    ],
    [
      'a record is none of the members that are counted',
      [ok({ totalCount: 1, list: [{ userId: ADA }, { name: 'x' }] })],
      'INCOMPLETE',
      true,
    ],
    [
      'members come while they are read',
      [pagesOf(sixty, page => (page === 2 ? { totalCount: 61 } : {}))],
      'INCOMPLETE',
      true,
    ],
    [
      'a page shows fewer members than are counted',
      [pagesOf(two, () => ({ totalCount: 3 }))],
      'INCOMPLETE',
      true,
    ],
    [
      'pages show the same member twice',
      [ok({ totalCount: 2, list: [{ userId: ADA }, { userId: ADA }] })],
      'INCOMPLETE',
      true,
    ],
  ])(
    'leaves everybody as they are while %s: nothing weakening is written, and it is told once',
    async (_what, replies, fault, retryable) => {
      await using genauth = await startFakeGenAuth()
      genauth.reply('list-group-members', ...replies)
      await using app = await startWithGroup(genauth, replies[0] ?? ok(null))
      for (const dryRun of [true, false]) {
        expect(await set(app, { userId: ADA, ...WEAKEN, dryRun })).toEqual(
          expect.objectContaining({ ...UNREAD, retryable }),
        )
      }
      const list = { users: [{ userId: ADA }, { userId: GRACE }], ...WEAKEN }
      const { data } = await app.graphql(SET_SEVERAL, { input: list })
      expect(data.setUsersMfaStatus).toMatchObject({
        succeeded: 0,
        results: [{ payload: { code: UNREAD.code } }, { payload: { code: UNREAD.code } }],
      })
      expect(await set(app, { userId: ADA, enable: ['EMAIL'] })).toMatchObject({ applied: true })
      expect(genauth.takeCalls().filter(call => call === 'set-mfa-status')).toHaveLength(1)
      expect(groupLines(app)).toEqual([{ level: 'error', fault }])

      genauth.reply(
        'list-group-members',
        pagesOf(() => [GRACE.toUpperCase()]),
      )
      expect(await set(app, { userId: ADA, ...WEAKEN })).toMatchObject({ applied: true })
      expect(await set(app, { userId: GRACE, ...WEAKEN })).toMatchObject(REFUSED)
      expect(groupLines(app)).toEqual([
        { level: 'error', fault },
        { level: 'info', count: 1 },
      ])
    },
  )

  it('is not waited for beyond the deadline of the request', async () => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('list-group-members', () => {})
    await using app = await startApp({ upstream: genauth, env: { PROTECTED_GROUP: 'break-glass' } })
    const headers = { 'x-request-deadline-ms': '400' }
    const { data } = await app.graphql(SET, { input: { userId: ADA, ...WEAKEN } }, headers)
    expect(data.setUserMfaStatus).toMatchObject({ ...UNREAD, retryable: true })
    expect(genauth.seenOf('list-group-members')).toHaveLength(1)
    expect(genauth.takeCalls()).not.toContain('set-mfa-status')
  })

  it('is found after all where the members move while they are read', async () => {
    const members = Array.from({ length: 60 }, (_, index) => idOf(index))
    const moving = ok({ totalCount: 61, list: members.slice(0, 50).map(userId => ({ userId })) })
    await using genauth = await startFakeGenAuth()
    genauth.reply(
      'list-group-members',
      moving,
      pagesOf(() => members),
    )
    await using app = await startApp({ upstream: genauth, env: { PROTECTED_GROUP: 'break-glass' } })
    expect(await set(app, { userId: idOf(59), ...WEAKEN })).toMatchObject(REFUSED)
  })
})

it('a server that protects nobody asks for no group', async () => {
  await using app = await startApp()
  expect(await set(app, { userId: ADA, ...WEAKEN })).toMatchObject({ applied: true })
  expect(app.takeCalls()).not.toContain('list-group-members')
  expect(app.log.some(({ msg }) => msg.startsWith('PROTECTED'))).toBe(false)
})
