import { expect, test } from 'vitest'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import {
  ADA,
  createSignedCaller,
  createTokenCaller,
  GRACE,
  type HeaderChanges,
  type SignedCallerOptions,
  send,
  toSignedHeaders,
} from './clients.ts'

const NOW_MS = Date.UTC(2026, 0, 15, 12)
const MINUTE_MS = 60_000

function toGmt(ms: number): string {
  return new Date(ms).toUTCString()
}

const accepted: { what: string; options?: SignedCallerOptions; headers?: HeaderChanges }[] = [
  { what: 'dated in GMT text' },
  { what: 'dated in milliseconds', headers: { date: String(NOW_MS) } },
  { what: 'dated in its own date header', headers: { date: undefined, 'x-authing-date': String(NOW_MS) } },
  { what: 'dated 5 minutes ago', headers: { date: toGmt(NOW_MS - 5 * MINUTE_MS) } },
  { what: 'dated 5 minutes ahead', headers: { date: toGmt(NOW_MS + 5 * MINUTE_MS) } },
  { what: 'with the other scheme word', options: { scheme: 'GenAuth' } },
  { what: 'with more headers of the prefix, signed too', headers: { 'x-authing-lang': 'en-US' } },
]

test.each(accepted)('A signed request $what is accepted.', async ({ options, headers }) => {
  await using sandbox = await startSandbox({ port: 0, now: () => NOW_MS })
  const call = createSignedCaller(sandbox, { nowMs: () => NOW_MS, ...options })
  expect((await call('get-user', { userId: ADA }, headers)).body).toMatchObject({ statusCode: 200 })
})

const refused: { what: string; apiCode: number; options?: SignedCallerOptions; headers?: HeaderChanges }[] = [
  { what: 'with another secret', apiCode: 1300, options: { accessKeySecret: 'another' } },
  { what: 'with an unknown key', apiCode: 1300, options: { accessKeyId: 'another' } },
  {
    what: 'with no signature text',
    apiCode: 1300,
    headers: { authorization: 'authing sandbox-access-key-id:' },
  },
  { what: 'without a nonce', apiCode: 1300, headers: { 'x-authing-signature-nonce': undefined } },
  { what: 'with another method', apiCode: 1301, headers: { 'x-authing-signature-method': 'HMAC-SHA256' } },
  { what: 'without a method', apiCode: 1301, headers: { 'x-authing-signature-method': undefined } },
  { what: 'with another version', apiCode: 1302, headers: { 'x-authing-signature-version': '2.0' } },
  { what: 'with a malformed date', apiCode: 1303, headers: { date: 'yesterday' } },
  { what: 'with an ISO date', apiCode: 1303, headers: { date: '2026-01-15T12:00:00Z' } },
  { what: 'without a date', apiCode: 1304, headers: { date: undefined } },
  { what: 'dated too early', apiCode: 1305, headers: { date: toGmt(NOW_MS - 5 * MINUTE_MS - 1000) } },
  { what: 'dated too late', apiCode: 1305, headers: { date: String(NOW_MS + 5 * MINUTE_MS + 1) } },
  { what: 'dated in seconds', apiCode: 1305, headers: { date: String(NOW_MS / 1000) } },
]

test.each(refused)(
  'A signed request $what is refused, apiCode $apiCode, and gets no data.',
  async ({ apiCode, options, headers }) => {
    await using sandbox = await startSandbox({ port: 0, now: () => NOW_MS })
    const call = createSignedCaller(sandbox, { nowMs: () => NOW_MS, ...options })
    const answer = await call('get-user', { userId: ADA }, headers)
    expect(answer.httpStatus).toBe(200)
    expect(answer.body).toMatchObject({ statusCode: 401, apiCode })
    expect(answer.body).not.toHaveProperty('data')
  },
)

test('A signed query that was changed on the way is refused.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const headers = toSignedHeaders(sandbox, 'get-user', { userId: ADA })
  const answer = await send(sandbox, 'get-user', { userId: GRACE }, headers)
  expect(answer.body).toMatchObject({ statusCode: 401, apiCode: 1300 })
})

test('A signed body that was changed on the way is refused, however deep, and changes nothing.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const toParams = (status: number) => ({
    userId: ADA,
    mfaTriggerData: { mfaToken: 't', applicationMfa: [{ mfaPolicy: 'SMS', status, sort: 7 }] },
  })
  const headers = toSignedHeaders(sandbox, 'set-mfa-status', toParams(1))
  const answer = await send(sandbox, 'set-mfa-status', toParams(0), headers)
  expect(answer.body).toMatchObject({ statusCode: 401, apiCode: 1300 })
  const status = await createSignedCaller(sandbox)('get-mfa-status', { userId: ADA })
  expect(status.body.data).toMatchObject({ applicationMfa: [{ sort: 0 }, { sort: 1 }, { sort: 2 }] })
})

test('The same signed request is refused with 1306 the second time.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const headers = toSignedHeaders(sandbox, 'get-user', { userId: ADA })
  const first = await send(sandbox, 'get-user', { userId: ADA }, headers)
  expect(first.body).toMatchObject({ statusCode: 200 })
  const second = await send(sandbox, 'get-user', { userId: ADA }, headers)
  expect(second.body).toMatchObject({ statusCode: 401, apiCode: 1306 })
})

test('A nonce is refused as long as its request could still be in time, and forgotten after.', async () => {
  let nowMs = NOW_MS
  await using sandbox = await startSandbox({ port: 0, now: () => nowMs })
  const call = createSignedCaller(sandbox, { nowMs: () => nowMs })
  const nonce = { 'x-authing-signature-nonce': 'n1' }
  // Dated ahead by the whole tolerance, so that the very same request stays in time for twice that.
  const date = toGmt(NOW_MS + 5 * MINUTE_MS)
  expect((await call('get-user', { userId: ADA }, { ...nonce, date })).body).toMatchObject({
    statusCode: 200,
  })
  nowMs = NOW_MS + 10 * MINUTE_MS
  expect((await call('get-user', { userId: ADA }, { ...nonce, date })).body).toMatchObject({ apiCode: 1306 })
  nowMs = NOW_MS + 10 * MINUTE_MS + 1
  expect((await call('get-user', { userId: ADA }, nonce)).body).toMatchObject({ statusCode: 200 })
})

test('A nonce that came with a wrong signature is not used up.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const nonce = { 'x-authing-signature-nonce': 'n1' }
  const forger = createSignedCaller(sandbox, { accessKeySecret: 'another' })
  expect((await forger('get-user', { userId: ADA }, nonce)).body).toMatchObject({ apiCode: 1300 })
  const owner = createSignedCaller(sandbox)
  expect((await owner('get-user', { userId: ADA }, nonce)).body).toMatchObject({ statusCode: 200 })
})

test('With another header prefix, in any case, only headers of that prefix count.', async () => {
  await using sandbox = await startSandbox({ port: 0, headerPrefix: 'X-GenAuth-' })
  const call = createSignedCaller(sandbox, { headerPrefix: 'x-genauth-', scheme: 'GenAuth' })
  expect((await call('get-user', { userId: ADA })).body).toMatchObject({ statusCode: 200 })
  expect((await createSignedCaller(sandbox)('get-user', { userId: ADA })).body).toMatchObject({
    apiCode: 1301,
  })
  const tokenCall = await createTokenCaller(sandbox)
  expect((await tokenCall('get-user', { userId: ADA })).body).toMatchObject({ statusCode: 401 })
})

test('What is signed is the parsed request: lists, flags, other scripts, and separators in values.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = createSignedCaller(sandbox)
  const unicode = await call('get-user', { userId: '李雷', userIdType: 'username', withIdentities: true })
  expect(unicode.body).toMatchObject({ statusCode: 200, data: { username: '李雷' } })
  const batch = await call('get-user-batch', { userIds: [ADA] })
  expect(batch.body).toMatchObject({ statusCode: 200, data: [{ userId: ADA }] })
  const odd = await call('get-user', { userId: 'a&b=c+d %?#😀', userIdType: 'username' })
  expect(odd.body).toMatchObject({ statusCode: 404, apiCode: 2004 })
  const none = await call('get-global-mfa-settings')
  expect(none.body).toMatchObject({ statusCode: 200 })
})

test('Own credentials replace the default ones.', async () => {
  await using sandbox = await startSandbox({
    port: 0,
    accessKeyId: 'key:1',
    accessKeySecret: 's',
    userPoolId: 'pool',
  })
  expect(sandbox).toMatchObject({ accessKeyId: 'key:1', accessKeySecret: 's', userPoolId: 'pool' })
  const signed = await createSignedCaller(sandbox)('get-user', { userId: ADA })
  expect(signed.body).toMatchObject({ statusCode: 200 })
  const withToken = await (await createTokenCaller(sandbox))('get-user', { userId: ADA })
  expect(withToken.body).toMatchObject({ statusCode: 200 })
})
