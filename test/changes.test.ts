import { describe, expect, it } from 'vitest'
import { startApp } from './support/app.ts'
import { CANARY } from './support/canaries.ts'
import { failing, ok, startFakeGenAuth, triggerData } from './support/fake-genauth.ts'

const ADA = '65a000000000000000000001'
const STATE = 'enabled sort'
const SET = /* GraphQL */ `
  mutation ($input: SetUserMfaStatusInput!) {
    setUserMfaStatus(input: $input) {
      __typename
      ... on SetUserMfaStatusSuccess {
        changed applied verified
        changes { code before { ${STATE} } after { ${STATE} } }
        userMfa { factors { code enabled sort } revision }
      }
      ... on SetUserMfaStatusPreview {
        userId expectedRevision changed
        changes { code before { ${STATE} } after { ${STATE} } }
        contactChanges { field before after }
        after { factors { code enabled sort } email }
      }
      ... on MfaError { code message retryable }
      ... on MfaInvalidInputError { fieldErrors { path message } }
      ... on MfaUpstreamUnavailableError { outcome }
      ... on MfaRevisionConflictError { current { revision factors { code enabled } } }
    }
  }
`
const SET_BARE = `mutation ($input: SetUserMfaStatusInput!) {
  setUserMfaStatus(input: $input) { ... on SetUserMfaStatusSuccess { applied } }
}`
const READ = `query ($userId: String!) { userMfa(userId: $userId) { ... on UserMfa { revision factors { code enabled sort } } } }`

describe('what changed', () => {
  it('is each factor that differs, before and after, gone and new ones as null', async () => {
    await using app = await startApp()
    const input = {
      userId: ADA,
      factors: [{ type: 'FACE' }, { type: 'SMS', enabled: false, sort: 5 }, { type: 'OTP', sort: 1 }],
    }
    const { data } = await app.graphql(SET, { input })
    expect(data.setUserMfaStatus).toMatchObject({ changed: true, applied: true, verified: true })
    expect(data.setUserMfaStatus.changes).toEqual([
      { code: 'FACE', before: null, after: { enabled: true, sort: 0 } },
      { code: 'SMS', before: { enabled: true, sort: 0 }, after: { enabled: false, sort: 5 } },
      { code: 'EMAIL', before: { enabled: false, sort: 2 }, after: null },
    ])
  })

  it('is nothing, and nothing is written, when the state is so already', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    const input = {
      userId: 'u',
      factors: [{ type: 'SMS' }, { type: 'OTP', sort: 2 }],
      triggerData: { mfaEmail: CANARY.email, nickname: null, faceMfaEnabled: null },
    }
    genauth.stored = triggerData({
      applicationMfa: [
        { mfaPolicy: 'SMS', status: 7, sort: 0 },
        { mfaPolicy: 'OTP', status: 1, sort: 2 },
      ],
    })
    const { data } = await app.graphql(SET, { input })
    expect(data.setUserMfaStatus).toMatchObject({
      changed: false,
      changes: [],
      applied: false,
      verified: true,
    })
    expect(app.takeCalls()).toEqual(['get-mfa-status'])
  })

  it('can be a contact alone: changed, with no factor in the list', async () => {
    await using app = await startApp()
    const input = { userId: ADA, enable: ['SMS'], triggerData: { mfaEmail: CANARY.email } }
    const { data } = await app.graphql(SET, { input })
    expect(data.setUserMfaStatus).toMatchObject({ changed: true, changes: [], applied: true })
  })

  it('costs a read with mfaToken only where it is selected', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    const input = { userId: 'u', factors: [{ type: 'SMS' }], triggerData: { mfaToken: CANARY.mfaToken } }
    await app.graphql(SET_BARE, { input })
    expect(app.takeCalls()).toEqual(['set-mfa-status'])
    const selections = [
      '... on SetUserMfaStatusSuccess { changed }',
      '...F } } fragment F on SetUserMfaStatusPayload { ... on SetUserMfaStatusSuccess { anything: changes { code }',
    ]
    for (const selection of selections) {
      genauth.stored = triggerData()
      await app.graphql(
        `mutation ($input: SetUserMfaStatusInput!) { setUserMfaStatus(input: $input) { ${selection} } }`,
        { input },
      )
      // What is known to weaken is read back.
      expect(app.takeCalls()).toEqual(['get-mfa-status', 'set-mfa-status', 'get-mfa-status'])
    }
    genauth.stored = triggerData()
    const skipped =
      '... on SetUserMfaStatusSuccess { applied changed @skip(if: true) changes @include(if: $no) { code } }'
    const query = `mutation ($input: SetUserMfaStatusInput!, $no: Boolean = false) { setUserMfaStatus(input: $input) { ${skipped} } }`
    await app.graphql(query, { input })
    expect(app.takeCalls()).toEqual(['set-mfa-status'])
  })

  it('is not written without the state before, if it is selected and that cannot be read', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    genauth.reply('get-mfa-status', failing(503))
    const input = { userId: 'u', factors: [{ type: 'SMS' }], triggerData: { mfaToken: CANARY.mfaToken } }
    const { data, errors } = await app.graphql(SET, { input })
    expect(errors).toEqual([])
    expect(data.setUserMfaStatus).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', outcome: 'NOT_APPLIED' })
    expect(genauth.seenOf('set-mfa-status')).toEqual([])
    const bare = await app.graphql(SET_BARE, { input })
    expect(bare.data.setUserMfaStatus).toEqual({ applied: true })
  })

  it('says so of a factor that stands in the list twice', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    const twice = [
      { mfaPolicy: 'SMS', status: 1, sort: 0 },
      { mfaPolicy: 'SMS', status: 0, sort: 1 },
    ]
    genauth.stored = triggerData({ applicationMfa: twice })
    const { data } = await app.graphql(SET, { input: { userId: 'u', factors: [{ type: 'SMS' }] } })
    expect(data.setUserMfaStatus.changes).toEqual([
      { code: 'SMS', before: { enabled: false, sort: 1 }, after: null },
    ])
  })
})

describe('a patch', () => {
  it('switches factors and keeps everything else, unknown ones and the order included', async () => {
    await using app = await startApp()
    const barbara = '65a000000000000000000005'
    const { data } = await app.graphql(SET, {
      input: { userId: barbara, enable: ['EMAIL'], disable: ['SMS'] },
    })
    expect(data.setUserMfaStatus.userMfa.factors).toEqual([
      { code: 'SMS', enabled: false, sort: 0 },
      { code: 'PASSKEY', enabled: true, sort: 1 },
      { code: 'OTP', enabled: true, sort: 2 },
      { code: 'EMAIL', enabled: true, sort: 3 },
    ])
  })

  it('keeps everything else with mfaToken too', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    const input = { userId: 'u', disable: ['SMS'], triggerData: { mfaToken: 'another-token' } }
    await app.graphql(SET_BARE, { input })
    expect(genauth.seenOf('set-mfa-status')[0]?.params.mfaTriggerData).toEqual({
      ...triggerData(),
      mfaToken: 'another-token',
      applicationMfa: [{ mfaPolicy: 'SMS', status: 0, sort: 0 }, ...triggerData().applicationMfa.slice(1)],
    })
  })
})

describe('a dry run', () => {
  it('says what would change and writes nothing', async () => {
    await using app = await startApp()
    const before = await app.graphql(READ, { userId: ADA })
    app.takeCalls()
    const { data } = await app.graphql(SET, {
      input: { userId: ADA, factors: [{ type: 'OTP' }], dryRun: true },
    })
    expect(data.setUserMfaStatus).toMatchObject({
      __typename: 'SetUserMfaStatusPreview',
      userId: ADA,
      expectedRevision: before.data.userMfa.revision,
      changed: true,
      contactChanges: [],
      after: { factors: [{ code: 'OTP', enabled: true, sort: 0 }] },
    })
    expect(app.takeCalls()).toEqual(['get-mfa-status'])
    expect((await app.graphql(READ, { userId: ADA })).data).toEqual(before.data)
  })

  it('hands over what makes the change itself, which is refused if the user has changed since', async () => {
    await using app = await startApp()
    const change = { enable: ['EMAIL'], triggerData: { mfaEmail: 'ada@other.example' } }
    const named = { userId: 'ada@example.com', userIdType: 'EMAIL', ...change, dryRun: true }
    const { userId, expectedRevision, contactChanges } = (await app.graphql(SET, { input: named })).data
      .setUserMfaStatus
    expect(contactChanges).toEqual([{ field: 'EMAIL', before: null, after: 'a***@other.example' }])
    const input = { userId, expectedRevision, ...change }
    const made = await app.graphql(SET, { input })
    expect(made.data.setUserMfaStatus).toMatchObject({ __typename: 'SetUserMfaStatusSuccess', applied: true })
    const stale = await app.graphql(SET, { input: { ...input, dryRun: true } })
    expect(stale.data.setUserMfaStatus.__typename).toBe('MfaRevisionConflictError')
  })

  it('says of a change that would change nothing that it would not', async () => {
    await using app = await startApp()
    const { data } = await app.graphql(SET, { input: { userId: ADA, enable: ['OTP'], dryRun: true } })
    expect(data.setUserMfaStatus).toMatchObject({ changed: false, changes: [], contactChanges: [] })
  })

  it('is refused where the real call would be', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    genauth.reply('get-mfa-status', ok(null))
    const { data } = await app.graphql(SET, {
      input: { userId: 'u', factors: [{ type: 'OTP' }], dryRun: true },
    })
    expect(data.setUserMfaStatus.fieldErrors).toMatchObject([{ path: ['input', 'triggerData', 'mfaToken'] }])
  })
})

describe('a revision', () => {
  it('stays while the state stays, over restarts, and changes with all that a set can change', async () => {
    await using genauth = await startFakeGenAuth()
    const revisionOf = async (changes: Record<string, unknown>) => {
      await using app = await startApp({ upstream: genauth })
      genauth.reply('get-mfa-status', ok(triggerData(changes)))
      return (await app.graphql(READ, { userId: 'u' })).data.userMfa.revision
    }
    const revision = await revisionOf({})
    expect(revision).toMatch(/^r2\.[\w-]{22}$/)
    const [sms, passkey, otp] = triggerData().applicationMfa
    for (const same of [
      {},
      { mfaToken: 'x' },
      { avatar: 'x' },
      { faceMfaEnabled: null },
      { applicationMfa: [otp, passkey, sms] },
    ]) {
      expect(await revisionOf(same)).toBe(revision)
    }
    const others = [
      { mfaPhone: null },
      { mfaPhoneCountryCode: '+1' },
      { mfaEmail: 'x@example.com' },
      { nickname: 'x' },
      { username: 'x' },
      { phone: 'x' },
      { phoneCountryCode: 'x' },
      { faceMfaEnabled: true },
      { totpMfaEnabled: false },
      { applicationMfa: [sms, passkey] },
      { applicationMfa: [{ ...sms, status: 0 }, passkey, otp] },
      { applicationMfa: [{ ...sms, sort: 9 }, passkey, otp] },
    ]
    const revisions = new Set([revision])
    for (const other of others) revisions.add(await revisionOf(other))
    expect(revisions.size).toBe(others.length + 1)
  })

  it('names the user: another one’s never fits, and it is the same by whatever identifier', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    const [mine, other] = ['65b000000000000000000001', '65b000000000000000000002']
    const read = async (user: Record<string, unknown>) =>
      (await app.graphql(READ, user)).data.userMfa.revision
    const expectedRevision = await read({ userId: other })
    const { data } = await app.graphql(SET, { input: { userId: mine, disable: ['SMS'], expectedRevision } })
    expect(data.setUserMfaStatus.__typename).toBe('MfaRevisionConflictError')
    app.takeCalls()
    const byName = `query { userMfa(userId: "ada", userIdType: USERNAME) { ... on UserMfa { revision } } }`
    const named = (await app.graphql(byName)).data.userMfa.revision
    expect(app.takeCalls()).toEqual(['get-user', 'get-mfa-status'])
    expect(new Set([named, await read({ userId: mine })]).size).toBe(1)
  })

  it.each(['r1.', 'r2.'])('of another kind never fits: %s', async format => {
    await using app = await startApp()
    const expectedRevision = `${format}${'A'.repeat(22)}`
    const { data } = await app.graphql(SET, { input: { userId: ADA, disable: ['SMS'], expectedRevision } })
    expect(data.setUserMfaStatus.__typename).toBe('MfaRevisionConflictError')
  })

  it('is keyed: another access key gives another one', async () => {
    await using genauth = await startFakeGenAuth()
    const revisions = []
    for (const secret of ['one-secret', 'another-secret']) {
      await using app = await startApp({ upstream: genauth, env: { GENAUTH_ACCESS_KEY_SECRET: secret } })
      revisions.push((await app.graphql(READ, { userId: 'u' })).data.userMfa.revision)
    }
    expect(revisions[0]).not.toBe(revisions[1])
  })

  it('that is expected lets a set through, and the one after it is the one to expect next', async () => {
    await using app = await startApp()
    let expectedRevision = (await app.graphql(READ, { userId: ADA })).data.userMfa.revision
    for (const enabled of [false, true, false]) {
      const input = { userId: ADA, factors: [{ type: 'SMS', enabled }, { type: 'OTP' }], expectedRevision }
      const { data } = await app.graphql(SET, { input })
      expect(data.setUserMfaStatus.__typename).toBe('SetUserMfaStatusSuccess')
      expectedRevision = data.setUserMfaStatus.userMfa.revision
      expect((await app.graphql(READ, { userId: ADA })).data.userMfa.revision).toBe(expectedRevision)
    }
  })

  it.each([
    ['a set', {}],
    ['a dry run', { dryRun: true }],
    ['a set with mfaToken', { triggerData: { mfaToken: CANARY.mfaToken } }],
  ])('that is old refuses %s, with the state as it is now', async (_kind, more) => {
    await using app = await startApp()
    const expectedRevision = (await app.graphql(READ, { userId: ADA })).data.userMfa.revision
    await app.graphql(SET, { input: { userId: ADA, disable: ['SMS'] } })
    const current = (await app.graphql(READ, { userId: ADA })).data.userMfa.revision
    app.takeCalls()
    const { data } = await app.graphql(SET, {
      input: { userId: ADA, factors: [], expectedRevision, ...more },
    })
    expect(data.setUserMfaStatus).toMatchObject({
      __typename: 'MfaRevisionConflictError',
      code: 'REVISION_CONFLICT',
      retryable: false,
      current: { revision: current, factors: [{ code: 'SMS', enabled: false }, {}, {}] },
    })
    expect(app.takeCalls()).toEqual(['get-mfa-status'])
  })
})

describe('sets of one user', () => {
  it('wait for one another, whatever identifier names the user', async () => {
    await using app = await startApp()
    const identifiers = [
      { userId: ADA },
      { userId: 'ada', userIdType: 'USERNAME' },
      { userId: 'ada@example.com', userIdType: 'EMAIL' },
      { userId: '13800000001', userIdType: 'PHONE' },
    ]
    const patches = [{ disable: ['SMS'] }, { enable: ['FACE'] }, { enable: ['EMAIL'] }, { disable: ['OTP'] }]
    const sets = patches.map((patch, index) =>
      app.graphql(SET, { input: { ...identifiers[index], ...patch } }),
    )
    for (const { data } of await Promise.all(sets)) expect(data.setUserMfaStatus.applied).toBe(true)
    const { data } = await app.graphql(READ, { userId: ADA })
    const states = data.userMfa.factors.map(({ code, enabled }: { code: string; enabled: boolean }) => [
      code,
      enabled,
    ])
    expect(Object.fromEntries(states)).toEqual({ SMS: false, OTP: false, EMAIL: true, FACE: true })
  })

  it('go on after one that failed', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    genauth.reply('get-mfa-status', failing(601), response => {
      response.end(JSON.stringify(ok(genauth.stored).body))
    })
    const sets = [1, 2].map(() => app.graphql(SET, { input: { userId: 'u', disable: ['SMS'] } }))
    const types = (await Promise.all(sets)).map(({ data }) => data.setUserMfaStatus.__typename)
    expect(types.sort()).toEqual(['MfaUpstreamUnavailableError', 'SetUserMfaStatusSuccess'])
  })
})

describe('a faulty wish', () => {
  const oneWay = 'Give either factors, or enable and disable: exactly one way.'
  it.each([
    ['a list and a patch', { factors: [], enable: ['SMS'] }, ['factors'], oneWay],
    ['neither', {}, ['factors'], oneWay],
    ['neither, as nulls', { factors: null, enable: null, disable: null }, ['factors'], oneWay],
    [
      'a list of more factors than there are',
      { factors: Array(5).fill({ type: 'SMS' }) },
      ['factors'],
      'There are only 4 factors to name, each once.',
    ],
    [
      'a patch of more factors than there are',
      { enable: Array(4000).fill('SMS') },
      ['enable'],
      'There are only 4 factors to name, each once.',
    ],
    [
      'an empty patch',
      { enable: [], disable: [] },
      ['enable'],
      'A patch must name at least one factor in enable or disable.',
    ],
    [
      'a factor both on and off',
      { enable: ['OTP', 'SMS'], disable: ['SMS'] },
      ['disable', '0'],
      'This factor stands in enable too.',
    ],
    ['a factor enabled twice', { enable: ['OTP', 'OTP'] }, ['enable', '1'], 'This factor is named twice.'],
    ['a factor disabled twice', { disable: ['OTP', 'OTP'] }, ['disable', '1'], 'This factor is named twice.'],
    [
      'a revision of another make',
      { factors: [], expectedRevision: 'v2:abc' },
      ['expectedRevision'],
      'This is no revision that this version knows; take it from UserMfa.revision.',
    ],
  ])('is refused before GenAuth is asked: %s', async (_kind, wish, path, message) => {
    await using app = await startApp()
    const { data } = await app.graphql(SET, { input: { userId: ADA, ...wish } })
    expect(data.setUserMfaStatus.fieldErrors).toEqual([{ path: ['input', ...path], message }])
    expect(app.takeCalls()).toEqual([])
  })
})
