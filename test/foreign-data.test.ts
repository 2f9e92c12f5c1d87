import { describe, expect, it } from 'vitest'
import { systemClock } from '../src/base/clock.ts'
import { type Json, startApp, type TestApp } from './support/app.ts'
import {
  type FakeGenAuth,
  managementToken,
  ok,
  startFakeGenAuth,
  triggerData,
} from './support/fake-genauth.ts'
import { skipWaits } from './support/hand-clock.ts'

const READ = `{ userMfa(userId: "u") { __typename ... on UserMfa { phone factors { code enabled sort bound } } } }`
const DISABLE_SMS = `mutation { setUserMfaStatus(input: { userId: "u", disable: [SMS], allowNoFactor: true }) {
  __typename ... on SetUserMfaStatusSuccess { changed } ... on MfaUpstreamUnavailableError { outcome } } }`
const BY_PHONE = `query ($users: [UserRefInput!]!) { usersMfa(users: $users) { ... on UsersMfaSuccess {
  results { payload { __typename ... on UserMfa { user { id } } ... on MfaError { code } } } } } }`

const FACTORS = triggerData().applicationMfa
const AS_STORED = {
  __typename: 'UserMfa',
  factors: [
    { code: 'SMS', enabled: true, sort: 0 },
    { code: 'PASSKEY', enabled: true, sort: 1 },
    { code: 'OTP', enabled: true, sort: 2 },
  ],
}
const FAULTY = { __typename: 'MfaUpstreamUnavailableError' }

function withFactor(changes: object) {
  return { applicationMfa: [{ ...FACTORS[0], ...changes }, ...FACTORS.slice(1)] }
}

async function withApp(run: (app: TestApp, genauth: FakeGenAuth) => Promise<void>): Promise<void> {
  await using genauth = await startFakeGenAuth()
  await using app = await startApp({ upstream: genauth, clock: skipWaits(900) })
  await run(app, genauth)
}

describe('a reply of GenAuth in another type than documented', () => {
  it('is read where its meaning is plain, and a faulty answer where it is not', () =>
    withApp(async (app, genauth) => {
      const plain: Json[] = [
        withFactor({ status: '1' }),
        withFactor({ status: true }),
        withFactor({ status: 'true' }),
        withFactor({ status: 'enabled' }),
        withFactor({ sort: '0' }),
        withFactor({ sort: null }),
        withFactor({ sort: 'first' }),
        withFactor({ sort: {} }),
        { mfaToken: {} },
        { nickname: {} },
        { username: [] },
        { phone: 5, phoneCountryCode: 86 },
        { totpMfaEnabled: '1', faceMfaEnabled: 0 },
        { mfaEmail: null, avatar: {} },
      ]
      for (const changes of plain) {
        genauth.stored = triggerData(changes)
        const { data } = await app.graphql(READ)
        expect(data.userMfa, JSON.stringify(changes)).toMatchObject(AS_STORED)
      }
      const unclear: Json[] = [
        withFactor({ status: 'yes' }),
        withFactor({ status: null }),
        withFactor({ status: [] }),
        withFactor({ mfaPolicy: 5 }),
        withFactor({ mfaPolicy: undefined }),
        { applicationMfa: [...FACTORS, null] },
        { applicationMfa: {} },
        { applicationMfa: 'SMS' },
        { applicationMfa: Array(65).fill(FACTORS[0]) },
        { mfaPhone: {} },
        { mfaEmail: ['a'] },
        { totpMfaEnabled: 'perhaps' },
      ]
      for (const changes of unclear) {
        genauth.stored = triggerData(changes)
        const { data } = await app.graphql(READ)
        expect(data.userMfa, JSON.stringify(changes)).toMatchObject(FAULTY)
      }
    }))

  it('shows a phone that is a number as one that is a text', () =>
    withApp(async (app, genauth) => {
      genauth.stored = triggerData({ mfaPhone: '13800138000' })
      const asText = await app.graphql(READ)
      genauth.stored = triggerData({ mfaPhone: 13800138000 })
      expect((await app.graphql(READ)).data).toEqual(asText.data)
    }))

  it('loses nothing by a write: what is no text for display goes back as it came', () =>
    withApp(async (app, genauth) => {
      const nickname = { first: 'Ada' }
      genauth.stored = triggerData({ nickname, phone: 5 })
      genauth.reply('set-mfa-status', genauth.storing(ok({ success: true })))
      const { data } = await app.graphql(DISABLE_SMS)
      expect(data.setUserMfaStatus).toEqual({ __typename: 'SetUserMfaStatusSuccess', changed: true })
      expect(genauth.stored).toMatchObject({ nickname, phone: '5', username: 'someone' })
    }))

  it('proves no write unless it says so in the documented form', () =>
    withApp(async (app, genauth) => {
      for (const data of [{ success: 'true' }, { success: 1 }, {}, null, true]) {
        genauth.reply('set-mfa-status', ok(data))
        const answer = await app.graphql(DISABLE_SMS)
        expect(answer.data.setUserMfaStatus).toEqual({ ...FAULTY, outcome: 'UNKNOWN' })
      }
    }))

  it('says of a factor that cannot be told whether it is bound', () =>
    withApp(async (app, genauth) => {
      genauth.stored = triggerData({ applicationMfa: [FACTORS[0], FACTORS[2]] })
      for (const [status, bound] of [
        ['enabled', true],
        [true, true],
        [1, true],
        ['1', true],
        ['disabled', false],
        ['false', false],
        [0, false],
        ['perhaps', null],
        [{}, null],
        [null, null],
      ]) {
        genauth.reply('get-user-mfa-info', ok({ smsMfaStatus: status, totpStatus: 'enabled' }))
        const { data } = await app.graphql(READ)
        expect(data.userMfa.factors.map((factor: Json) => factor.bound)).toEqual([bound, true])
      }
    }))

  it('is an envelope whose numbers may be texts', () =>
    withApp(async (app, genauth) => {
      const answersTo = async (body: object) => {
        genauth.reply('get-mfa-status', { body })
        return (await app.graphql(READ)).data.userMfa.__typename
      }
      const data = triggerData()
      expect(await answersTo({ statusCode: '200', data })).toBe('UserMfa')
      expect(await answersTo({ statusCode: '404' })).toBe('MfaUserNotFoundError')
      expect(await answersTo({ statusCode: 500, apiCode: '2004' })).toBe('MfaUserNotFoundError')
      for (const statusCode of ['OK', '', true, null, 200.5]) {
        expect(await answersTo({ statusCode, data })).toBe(FAULTY.__typename)
      }
    }))

  it('fails alone in a batch of users', () =>
    withApp(async (app, genauth) => {
      const good = { userId: 7, phone: 13800138000, email: {}, externalId: [], identities: {} }
      genauth.reply(
        'get-user-batch',
        ok([{ userId: {}, phone: '2' }, good, null, { userId: 'c', phone: '3' }]),
      )
      genauth.reply('get-user', ok({ userId: {}, phone: '2' }))
      const users = ['13800138000', '2', '3'].map(userId => ({ userId, userIdType: 'PHONE' }))
      const { data } = await app.graphql(BY_PHONE, { users })
      const payloads = data.usersMfa.results.map(({ payload }: Json) => payload)
      expect(payloads).toMatchObject([{ user: { id: '7' } }, {}, { user: { id: 'c' } }])
      expect(payloads[1]).not.toHaveProperty('user.id')
      expect(genauth.seenOf('get-user')).toHaveLength(1)
    }))
})

it.each<[unknown, number]>([
  ['7200', 7_199],
  [7200, 7_199],
  [undefined, 3_599],
  [0, 3_599],
  [-1, 3_599],
  ['soon', 3_599],
  [{}, 3_599],
  [1e12, 86_399],
])('a token with expires_in %j is used until %i seconds have passed', async (lifetime, livesForS) => {
  let nowMs = Date.now()
  await using genauth = await startFakeGenAuth()
  genauth.reply('get-management-token', ok({ access_token: managementToken(), expires_in: lifetime }))
  await using app = await startApp({ upstream: genauth, clock: { ...systemClock, now: () => nowMs } })
  expect((await app.graphql(READ)).data.userMfa).toMatchObject(AS_STORED)
  // Near its end it is renewed behind the calls that use it: none fails.
  genauth.reply('get-management-token', { status: 503, body: '' })
  nowMs += livesForS * 1_000
  expect((await app.graphql(READ)).data.userMfa).toMatchObject(AS_STORED)
  nowMs += 1_000
  expect((await app.graphql(READ)).data.userMfa).toMatchObject(FAULTY)
})
