import { afterAll, expect, it } from 'vitest'
import { type Json, startApp } from './support/app.ts'
import { startRealIssuer } from './support/real-issuer.ts'

const READ = `{ userMfa(userId: "65a000000000000000000001") { __typename } }`
const SET = `mutation { setUserMfaStatus(input: { userId: "65a000000000000000000001", enable: [EMAIL], dryRun: true }) {
  __typename } }`

const issuer = await startRealIssuer()
const env = { ...issuer.env, AUTH_CLIENT_TOKENS: 'sub-is-client' }
const app = await startApp({ env, claims: null })
afterAll(async () => {
  await app.close()
  await issuer[Symbol.asyncDispose]()
})

function bearing(token: string) {
  const headers = { authorization: `Bearer ${token}` }
  const ask = async (document: string) => {
    const { status, data, errors } = await app.graphql(document, {}, headers)
    return { status, data, codes: errors.map(({ extensions }: Json) => extensions.code) }
  }
  return { read: () => ask(READ), set: () => ask(SET) }
}

it('a machine is let in by the client credentials of an issuer that is known by its name alone', async () => {
  const { access_token: token } = await issuer.byClientCredentials('mfa:read')
  const machine = bearing(token)
  expect(await machine.read()).toEqual({
    status: 200,
    data: { userMfa: { __typename: 'UserMfa' } },
    codes: [],
  })
  expect(await machine.set()).toMatchObject({ status: 200, codes: ['FORBIDDEN'] })
})

it('a person is let in by an authorization code with PKCE, and not by the ID token', async () => {
  const tokens = await issuer.byAuthorizationCode('65a0000000000000000000ff', 'mfa:read mfa:write')
  expect(tokens).toMatchObject({ scope: 'mfa:read mfa:write', token_type: 'Bearer' })
  const person = bearing(tokens.access_token)
  expect(await person.read()).toMatchObject({ status: 200, codes: [] })
  expect(await person.set()).toMatchObject({
    data: { setUserMfaStatus: { __typename: 'SetUserMfaStatusPreview' } },
    codes: [],
  })
  expect(await bearing(tokens.id_token).read()).toMatchObject({ status: 401, codes: ['UNAUTHENTICATED'] })
})

it('a new key of the issuer is followed, and the old one holds', async () => {
  const { access_token: before } = await issuer.byClientCredentials('mfa:read')
  await issuer.rotate()
  const { access_token: after } = await issuer.byClientCredentials('mfa:read')
  const toKid = (token: string) =>
    JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid
  expect(toKid(after)).not.toBe(toKid(before))
  for (const token of [after, before])
    expect(await bearing(token).read()).toMatchObject({ status: 200, codes: [] })
})
