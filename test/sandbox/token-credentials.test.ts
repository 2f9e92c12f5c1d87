import { decodeJwt, SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { ADA, createTokenCaller, getToken, send } from './clients.ts'

test('A management token is a JWT that names the pool and ends when the answer says.', async () => {
  const nowMs = Date.UTC(2026, 0, 15, 12)
  await using sandbox = await startSandbox({ port: 0, now: () => nowMs })
  const { accessKeyId, accessKeySecret, userPoolId } = sandbox
  const { body } = await send(sandbox, 'get-management-token', { accessKeyId, accessKeySecret }, {})
  expect(body).toMatchObject({ statusCode: 200, message: '', data: { expires_in: 7200 } })
  expect(decodeJwt((body.data as { access_token: string }).access_token)).toMatchObject({
    scoped_userpool_id: userPoolId,
    iat: nowMs / 1000,
    exp: nowMs / 1000 + 7200,
  })
})

test.each([
  {
    what: 'wrong secret',
    params: { accessKeyId: 'sandbox-access-key-id', accessKeySecret: 'x' },
    statusCode: 401,
  },
  {
    what: 'wrong key id',
    params: { accessKeyId: 'x', accessKeySecret: 'sandbox-access-key-secret' },
    statusCode: 401,
  },
  { what: 'missing secret', params: { accessKeyId: 'sandbox-access-key-id' }, statusCode: 400 },
  { what: 'missing key id', params: { accessKeySecret: 'sandbox-access-key-secret' }, statusCode: 400 },
])('A $what is answered with $statusCode and no token.', async ({ params, statusCode }) => {
  await using sandbox = await startSandbox({ port: 0 })
  const { httpStatus, body } = await send(sandbox, 'get-management-token', params, {})
  expect(httpStatus).toBe(200)
  expect(body).toMatchObject({ statusCode })
  expect(body).not.toHaveProperty('data')
})

test('A token is taken with and without the word Bearer.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const token = await getToken(sandbox)
  const call = await createTokenCaller(sandbox)
  for (const authorization of [`Bearer ${token}`, `bearer ${token}`, token]) {
    const { body } = await call('get-mfa-status', { userId: ADA }, { authorization })
    expect(body).toMatchObject({ statusCode: 200, data: { username: 'ada' } })
  }
})

test('A token works until it expires, and not after.', async () => {
  let nowMs = Date.UTC(2026, 0, 15, 12)
  await using sandbox = await startSandbox({ port: 0, now: () => nowMs, tokenLifetimeS: 60 })
  const call = await createTokenCaller(sandbox)
  nowMs += 59_000
  expect((await call('get-user', { userId: ADA })).body).toMatchObject({ statusCode: 200 })
  nowMs += 1000
  const expired = await call('get-user', { userId: ADA })
  expect(expired.httpStatus).toBe(200)
  expect(expired.body).toMatchObject({ statusCode: 401 })
  expect(expired.body).not.toHaveProperty('apiCode')
})

test.each([
  { what: 'missing authorization', headers: { authorization: undefined }, apiCode: 2020 },
  { what: 'word Bearer alone', headers: { authorization: 'Bearer ' }, apiCode: undefined },
  { what: 'token that is none', headers: { authorization: 'Bearer nonsense' }, apiCode: undefined },
  { what: 'missing pool header', headers: { 'x-authing-userpool-id': undefined }, apiCode: undefined },
  { what: "other pool's id", headers: { 'x-authing-userpool-id': 'another' }, apiCode: 2224 },
])('A $what is refused with 401.', async ({ headers, apiCode }) => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const { httpStatus, body } = await call('get-user', { userId: ADA }, headers)
  expect(httpStatus).toBe(200)
  expect(body.statusCode).toBe(401)
  expect(body.apiCode).toBe(apiCode)
})

test('A token of another sandbox, a forged one and an mfaToken are all refused.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  await using other = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const status = await call('get-mfa-status', { userId: ADA })
  const forged = await new SignJWT({ scoped_userpool_id: sandbox.userPoolId })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode('a guessed key that is long enough'))
  const tokens = [await getToken(other), forged, (status.body.data as { mfaToken: string }).mfaToken]
  for (const token of tokens) {
    const { body } = await call('get-user', { userId: ADA }, { authorization: `Bearer ${token}` })
    expect(body).toMatchObject({ statusCode: 401 })
  }
})
