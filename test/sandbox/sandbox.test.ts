import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { type AddressInfo, connect, createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { expect, test } from 'vitest'
import { type Sandbox, type SandboxRequest, startSandbox } from '../../src/sandbox/sandbox.ts'
import { ADA, createSignedCaller, createTokenCaller, send, toAnswer } from './clients.ts'

test.each(['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]', '127.0.0.1:1', 'localhost:65535', '[::1]:80'])(
  'The Host header %s is answered.',
  async host => {
    await using sandbox = await startSandbox({ port: 0 })
    expect(await getWithHost(sandbox, host)).toMatchObject({ httpStatus: 200, body: { statusCode: 401 } })
  },
)

test.each([
  'evil.example',
  'evil.example:80',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  'localhost:80@evil.example',
  '127.0.0.2',
  '0.0.0.0',
  '::1',
  'localhost:',
])('The Host header "%s" is refused with HTTP 421.', async host => {
  const seen: SandboxRequest[] = []
  await using sandbox = await startSandbox({ port: 0, onRequest: one => seen.push(one) })
  expect(await getWithHost(sandbox, host)).toMatchObject({ httpStatus: 421, body: { statusCode: 421 } })
  expect(seen).toEqual([])
})

test('Two Host headers are refused, even when one is good.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const text = await sendRaw(
    sandbox,
    'GET /api/v3/get-user HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
  )
  expect(text).toMatch(/^HTTP\/1\.1 4(00|21) /)
})

test('A request without a Host header or with an empty one is refused.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  for (const head of ['HTTP/1.0', 'HTTP/1.1\r\nConnection: close\r\nHost: ']) {
    expect(await sendRaw(sandbox, `GET /api/v3/get-user ${head}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 421 /)
  }
})

/** A machine without a network has none. */
const OF_THE_NETWORK = Object.values(networkInterfaces())
  .flatMap(list => list ?? [])
  .filter(one => one.family === 'IPv4' && !one.internal)

test.skipIf(OF_THE_NETWORK.length === 0)(
  'It cannot be reached through an address of the network.',
  async () => {
    await using sandbox = await startSandbox({ port: 0 })
    for (const { address } of OF_THE_NETWORK) {
      const socket = connect(Number(new URL(sandbox.url).port), address)
      await expect(once(socket, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    }
  },
)

test('Its URL is that of 127.0.0.1, and it says on every answer what it is.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  expect(sandbox.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  const ok = await (await createTokenCaller(sandbox))('get-user', { userId: ADA })
  const refused = await send(sandbox, 'get-user', { userId: ADA }, {})
  expect([ok, refused].map(answer => answer.headers.get('server'))).toEqual([
    'genauth-graphql-sandbox',
    'genauth-graphql-sandbox',
  ])
})

test('The answer is dated by the clock that signed dates are held against.', async () => {
  const nowMs = Date.UTC(2026, 0, 15, 12)
  await using sandbox = await startSandbox({ port: 0, now: () => nowMs })
  const { headers } = await send(sandbox, 'get-user', { userId: ADA }, {})
  expect(headers.get('date')).toBe('Thu, 15 Jan 2026 12:00:00 GMT')
})

test('Above the rate requests are answered with HTTP 429 until the second is over.', async () => {
  let nowMs = Date.UTC(2026, 0, 15, 12)
  await using sandbox = await startSandbox({ port: 0, maxRequestsPerSecond: 3, now: () => nowMs })
  const call = createSignedCaller(sandbox, { nowMs: () => nowMs })
  const statuses: number[] = []
  for (const _ of [1, 2, 3, 4, 5]) {
    statuses.push((await call('get-user', { userId: ADA })).httpStatus)
  }
  expect(statuses).toEqual([200, 200, 200, 429, 429])
  expect((await call('get-user', { userId: ADA })).body).toEqual({
    statusCode: 429,
    message: '请求过于频繁，请稍后再试',
  })
  nowMs += 999
  expect((await call('get-user', { userId: ADA })).httpStatus).toBe(429)
  nowMs += 1
  expect((await call('get-user', { userId: ADA })).body).toMatchObject({ statusCode: 200 })
})

test('A request that was throttled does nothing.', async () => {
  let nowMs = Date.UTC(2026, 0, 15, 12)
  await using sandbox = await startSandbox({ port: 0, maxRequestsPerSecond: 1, now: () => nowMs })
  const call = createSignedCaller(sandbox, { nowMs: () => nowMs })
  await call('get-user', { userId: ADA })
  const mfaTriggerData = { mfaToken: 't', applicationMfa: [] }
  expect((await call('set-mfa-status', { userId: ADA, mfaTriggerData })).httpStatus).toBe(429)
  nowMs += 1000
  const { body } = await call('get-mfa-status', { userId: ADA })
  expect(body.data).toMatchObject({ applicationMfa: [{}, {}, {}] })
})

test('300 requests in a second are answered, the next is not.', async () => {
  const nowMs = Date.UTC(2026, 0, 15, 12)
  await using sandbox = await startSandbox({ port: 0, now: () => nowMs })
  const answers = await Promise.all(Array.from({ length: 301 }, () => send(sandbox, 'get-user', {}, {})))
  expect(answers.filter(answer => answer.httpStatus === 200)).toHaveLength(300)
  expect(answers.filter(answer => answer.httpStatus === 429)).toHaveLength(1)
})

test.each([
  { language: undefined, unknownUser: '用户不存在', fault: '参数 userId 格式错误' },
  { language: 'zh-CN', unknownUser: '用户不存在', fault: '参数 userId 格式错误' },
  { language: 'en-US', unknownUser: 'The user does not exist', fault: 'Parameter userId is malformed' },
  {
    language: 'ja-JP',
    unknownUser: 'ユーザーが存在しません',
    fault: 'パラメーター userId の形式が正しくありません',
  },
  { language: 'zh-TW', unknownUser: '使用者不存在', fault: '參數 userId 格式錯誤' },
  { language: 'fr-FR', unknownUser: '用户不存在', fault: '参数 userId 格式错误' },
  { language: 'constructor', unknownUser: '用户不存在', fault: '参数 userId 格式错误' },
])(
  'With the language header $language messages are "$unknownUser".',
  async ({ language, unknownUser, fault }) => {
    await using sandbox = await startSandbox({ port: 0 })
    const call = await createTokenCaller(sandbox)
    const headers = { 'x-authing-lang': language }
    expect((await call('get-user', { userId: 'nobody' }, headers)).body.message).toBe(unknownUser)
    expect((await call('get-user', { userId: '' }, headers)).body.message).toBe(fault)
    expect((await call('get-user', { userId: ADA }, headers)).body.message).toBe('')
  },
)

test.each([
  { method: 'GET', path: '/' },
  { method: 'GET', path: '/api/v3/' },
  { method: 'GET', path: '/api/v3/delete-everything' },
  { method: 'GET', path: '/api/v3/constructor' },
  { method: 'GET', path: '/get-user' },
  { method: 'GET', path: '//api/v3/get-user' },
  { method: 'GET', path: '/api/v3/list-users' },
  { method: 'GET', path: '/api/v3/set-mfa-status' },
  { method: 'POST', path: '/api/v3/get-mfa-status' },
  { method: 'DELETE', path: '/api/v3/get-user' },
])('$method $path is not found.', async ({ method, path }) => {
  await using sandbox = await startSandbox({ port: 0 })
  const { httpStatus, body } = await toAnswer(await fetch(`${sandbox.url}${path}`, { method }))
  expect(httpStatus).toBe(404)
  expect(body).toMatchObject({ statusCode: 404, message: '接口不存在' })
})

test.each([
  { what: 'text', body: 'userId=1' },
  { what: 'cut JSON', body: '{"userId":' },
  { what: 'a JSON list', body: '[]' },
  { what: 'a JSON null', body: 'null' },
  { what: 'bytes that are not UTF-8', body: Buffer.from('{"userId":"\xff"}', 'latin1') },
])('A body of $what is refused with 400.', async ({ body }) => {
  await using sandbox = await startSandbox({ port: 0 })
  const answer = await toAnswer(await fetch(`${sandbox.url}/api/v3/set-mfa-status`, { method: 'POST', body }))
  expect(answer).toMatchObject({ httpStatus: 400, body: { statusCode: 400 } })
})

test.each([
  { what: 'of a size that is told', headers: { 'content-length': '9000000' } },
  { what: 'of a size that is not told', headers: { 'transfer-encoding': 'chunked' } },
])('A body over 1 MB, $what, is refused with 413 before it ends.', async ({ headers }) => {
  await using sandbox = await startSandbox({ port: 0 })
  const outgoing = request(`${sandbox.url}/api/v3/set-mfa-status`, {
    method: 'POST',
    headers: { ...headers, connection: 'keep-alive' },
    agent: false,
  })
  outgoing.write(Buffer.alloc(1024 * 1024 + 1, ' '))
  expect(await readAnswer(outgoing)).toMatchObject({
    httpStatus: 413,
    headers: { connection: 'close' },
    body: { statusCode: 413 },
  })
  outgoing.on('error', () => {}).destroy()
})

test('A body of 1 MB is read.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const body = '{}'.padEnd(1024 * 1024, ' ')
  const answer = await toAnswer(await fetch(`${sandbox.url}/api/v3/set-mfa-status`, { method: 'POST', body }))
  expect(answer).toMatchObject({ httpStatus: 200, body: { statusCode: 401 } })
})

test('Every request that could be read is told of, before it is judged.', async () => {
  const seen: SandboxRequest[] = []
  await using sandbox = await startSandbox({ port: 0, onRequest: one => seen.push(one) })
  const call = createSignedCaller(sandbox)
  await call('set-mfa-status', { userId: ADA })
  await send(sandbox, 'get-mfa-status', { userId: '李雷' }, {})
  await fetch(`${sandbox.url}/elsewhere`)
  expect(seen).toEqual([
    { method: 'POST', endpoint: 'set-mfa-status', params: { userId: ADA } },
    { method: 'GET', endpoint: 'get-mfa-status', params: { userId: '李雷' } },
    { method: 'GET', endpoint: '/elsewhere', params: {} },
  ])
})

test('Closing does not wait for connections that are kept alive, and may be done twice.', async () => {
  const sandbox = await startSandbox({ port: 0 })
  const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  await send(sandbox, 'get-user', {}, {})
  await sandbox.close()
  await sandbox.close()
  await expect(fetch(sandbox.url)).rejects.toThrow()
})

test('A taken port is reported as the system does.', async () => {
  const taken = createServer()
  await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve))
  const { port } = taken.address() as AddressInfo
  await expect(startSandbox({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await new Promise(resolve => taken.close(resolve))
})

/** As fetch cannot: with a Host header of choice. */
function getWithHost(sandbox: Sandbox, host: string) {
  const outgoing = request(`${sandbox.url}/api/v3/get-user`, { headers: { host }, agent: false })
  outgoing.end()
  return readAnswer(outgoing)
}

async function readAnswer(outgoing: ClientRequest) {
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
  const text = Buffer.concat(await incoming.toArray()).toString()
  return { httpStatus: incoming.statusCode, headers: incoming.headers, body: JSON.parse(text) as unknown }
}

function sendRaw(sandbox: Sandbox, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1')
    let received = ''
    socket.setEncoding('utf8')
    socket.on('data', chunk => {
      received += chunk
    })
    socket.on('end', () => resolve(received))
    socket.on('error', reject)
    socket.end(text)
  })
}
