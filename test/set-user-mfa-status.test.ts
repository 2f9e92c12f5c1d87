import { describe, expect, it } from 'vitest'
import { type Json, startApp } from './support/app.ts'
import { CANARY } from './support/canaries.ts'
import { ok, startFakeGenAuth, triggerData } from './support/fake-genauth.ts'

const ADA = '65a000000000000000000001'

const SET = /* GraphQL */ `
  mutation ($input: SetUserMfaStatusInput!) {
    setUserMfaStatus(input: $input) {
      __typename
      ... on SetUserMfaStatusSuccess {
        applied
        userMfa { phone email totpMfaEnabled faceMfaEnabled factors { code enabled sort } }
      }
      ... on MfaError { code retryable }
      ... on MfaInvalidInputError { fieldErrors { path message } }
      ... on MfaUpstreamUnavailableError { outcome }
    }
  }
`
const READ_FACTORS = `query ($userId: String!) { userMfa(userId: $userId) { ... on UserMfa { factors { code enabled sort } } } }`

describe('a set without mfaToken', () => {
  it('changes the factors and their order, keeps the rest, and can be read again', async () => {
    await using app = await startApp()
    const input = { userId: ADA, factors: [{ type: 'OTP' }, { type: 'SMS', enabled: false, sort: 7 }] }
    const { data } = await app.graphql(SET, { input })
    const factors = [
      { code: 'OTP', enabled: true, sort: 0 },
      { code: 'SMS', enabled: false, sort: 7 },
    ]
    expect(data.setUserMfaStatus).toEqual({
      __typename: 'SetUserMfaStatusSuccess',
      applied: true,
      userMfa: { phone: '138****0001', email: null, totpMfaEnabled: true, faceMfaEnabled: false, factors },
    })
    // It switches SMS off, and what weakens is read back.
    expect(app.takeCalls()).toEqual(['get-mfa-status', 'set-mfa-status', 'get-mfa-status'])
    expect((await app.graphql(READ_FACTORS, { userId: ADA })).data.userMfa.factors).toEqual(factors)
  })

  it('lays trigger data over the state: left out keeps, null clears', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    const fields = { mfaPhone: null, nickname: 'Nick', totpMfaEnabled: false, faceMfaEnabled: null }
    await app.graphql(SET, { input: { userId: 'u', factors: [{ type: 'SMS' }], triggerData: fields } })
    expect(genauth.seenOf('set-mfa-status')[0]?.params).toEqual({
      userId: 'u',
      userIdType: 'user_id',
      mfaTriggerData: {
        mfaToken: CANARY.mfaToken,
        mfaPhone: null,
        mfaPhoneCountryCode: '+86',
        mfaEmail: CANARY.email,
        nickname: 'Nick',
        username: 'someone',
        phone: null,
        phoneCountryCode: null,
        totpMfaEnabled: false,
        applicationMfa: [
          { mfaPolicy: 'SMS', status: 1, sort: 0 },
          { mfaPolicy: 'PASSKEY', status: 7, sort: 1 },
        ],
      },
    })
  })

  it('keeps factors that nobody knows behind the given ones, in their order and otherwise unchanged', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    const unknown = [
      { mfaPolicy: 'PASSKEY', status: 7, sort: 0 },
      { mfaPolicy: 'VOICE', status: 0, sort: 9 },
    ]
    genauth.reply(
      'get-mfa-status',
      ok(triggerData({ applicationMfa: unknown, avatar: 'x', passkeyEnabled: true })),
    )
    const input = {
      userId: 'u',
      factors: [
        { type: 'FACE', sort: 4 },
        { type: 'EMAIL', enabled: false, sort: 2 },
      ],
    }
    const { data } = await app.graphql(SET, { input })
    expect(genauth.seenOf('set-mfa-status')[0]?.params.mfaTriggerData.applicationMfa).toEqual([
      { mfaPolicy: 'FACE', status: 1, sort: 4 },
      { mfaPolicy: 'EMAIL', status: 0, sort: 2 },
      { mfaPolicy: 'PASSKEY', status: 7, sort: 5 },
      { mfaPolicy: 'VOICE', status: 0, sort: 9 },
    ])
    const codes = data.setUserMfaStatus.userMfa.factors.map((factor: Json) => factor.code)
    expect(codes).toEqual(['EMAIL', 'FACE', 'PASSKEY', 'VOICE'])
  })

  it('is refused where GenAuth holds no token to write with', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    genauth.reply('get-mfa-status', ok(null))
    const { data } = await app.graphql(SET, { input: { userId: 'u', factors: [{ type: 'SMS' }] } })
    expect(data.setUserMfaStatus).toMatchObject({
      __typename: 'MfaInvalidInputError',
      fieldErrors: [{ path: ['input', 'triggerData', 'mfaToken'] }],
    })
    expect(app.takeCalls()).toEqual(['get-mfa-status'])
  })

  it('writes to GenAuth’s own id when the user is named otherwise', async () => {
    await using app = await startApp()
    const input = { userId: 'grace@example.com', userIdType: 'EMAIL', factors: [{ type: 'SMS' }] }
    const { data } = await app.graphql(SET.replace('applied', 'applied userMfa { user { id } }'), { input })
    expect(data.setUserMfaStatus.userMfa.user).toEqual({ id: '65a000000000000000000002' })
    expect(app.takeCalls()).toEqual(['get-user', 'get-mfa-status', 'set-mfa-status', 'get-mfa-status'])
  })
})

describe('a set with mfaToken', () => {
  it('is the whole new state in one call: what is left out is gone', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    const triggerData = { mfaToken: CANARY.mfaToken, mfaEmail: CANARY.email, totpMfaEnabled: true }
    const { data } = await app.graphql(SET, {
      input: { userId: 'u', factors: [{ type: 'EMAIL' }], triggerData },
    })
    expect(app.takeCalls()).toEqual(['set-mfa-status'])
    expect(genauth.seenOf('set-mfa-status')[0]?.params.mfaTriggerData).toEqual({
      mfaToken: CANARY.mfaToken,
      mfaPhone: null,
      mfaPhoneCountryCode: null,
      mfaEmail: CANARY.email,
      nickname: null,
      username: null,
      phone: null,
      phoneCountryCode: null,
      totpMfaEnabled: true,
      applicationMfa: [{ mfaPolicy: 'EMAIL', status: 1, sort: 0 }],
    })
    expect(data.setUserMfaStatus.userMfa).toMatchObject({ phone: null, email: 'c***@example.com' })
  })

  it('passes on all eleven fields of the trigger data', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    const texts = {
      mfaToken: CANARY.mfaToken,
      mfaPhone: CANARY.phone,
      mfaPhoneCountryCode: '+86',
      mfaEmail: CANARY.email,
      nickname: 'n',
      username: 'u',
      phone: '13900000000',
      phoneCountryCode: '+86',
      faceMfaEnabled: true,
      totpMfaEnabled: false,
    }
    const factors = [{ type: 'SMS' }, { type: 'EMAIL' }, { type: 'OTP', enabled: false }, { type: 'FACE' }]
    await app.graphql(SET, { input: { userId: 'u', factors, triggerData: texts } })
    expect(genauth.seenOf('set-mfa-status')[0]?.params.mfaTriggerData).toEqual({
      ...texts,
      applicationMfa: [
        { mfaPolicy: 'SMS', status: 1, sort: 0 },
        { mfaPolicy: 'EMAIL', status: 1, sort: 1 },
        { mfaPolicy: 'OTP', status: 0, sort: 2 },
        { mfaPolicy: 'FACE', status: 1, sort: 3 },
      ],
    })
  })
})

describe('a faulty input', () => {
  it('is refused as data, with the path of each faulty field, before GenAuth is asked', async () => {
    await using app = await startApp()
    const input = {
      userId: ' ',
      factors: [{ type: 'SMS', sort: -1 }, { type: 'OTP' }, { type: 'SMS' }],
      triggerData: { mfaToken: ' ' },
    }
    const { status, data } = await app.graphql(SET, { input })
    expect(status).toBe(200)
    expect(data.setUserMfaStatus).toMatchInlineSnapshot(`
      {
        "__typename": "MfaInvalidInputError",
        "code": "INVALID_INPUT",
        "fieldErrors": [
          {
            "message": "The identifier must not be blank.",
            "path": [
              "input",
              "userId",
            ],
          },
          {
            "message": "The token must not be blank; leave it out instead.",
            "path": [
              "input",
              "triggerData",
              "mfaToken",
            ],
          },
          {
            "message": "sort must be a whole number of 0 or more.",
            "path": [
              "input",
              "factors",
              "0",
              "sort",
            ],
          },
          {
            "message": "This factor is named twice.",
            "path": [
              "input",
              "factors",
              "2",
              "type",
            ],
          },
        ],
        "retryable": false,
      }
    `)
    expect(app.takeCalls()).toEqual([])
  })

  it.each([
    ['a fractional sort', { factors: [{ type: 'SMS', sort: 1.5 }] }, 'input.factors.0.sort'],
    ['an unknown factor', { factors: [{ type: 'PASSKEY' }] }, 'input.factors.0.type'],
    ['a field that does not exist', { factors: [], applicationMfa: [] }, 'input'],
  ])('is refused by its type for %s', async (_kind, fields, path) => {
    await using app = await startApp()
    const { status, errors } = await app.graphql(SET, { input: { userId: ADA, ...fields } })
    expect(status).toBe(400)
    expect(errors[0].message).toContain(`Variable "$input" is not valid at "${path}": `)
    expect(errors[0].extensions).toEqual({ code: 'BAD_USER_INPUT' })
    expect(app.takeCalls()).toEqual([])
  })
})
