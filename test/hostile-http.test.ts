import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startApp, type TestApp } from './support/app.ts'
import { ok, startFakeGenAuth, triggerData } from './support/fake-genauth.ts'

const ADA = '65a000000000000000000001'
const SET = `mutation { setUserMfaStatus(input: { userId: "${ADA}", disable: [SMS] }) { __typename } }`

/** Writes bytes to a socket and reads until the other side closes or the time is over. */
async function raw(app: TestApp, bytes: string, waitMs = 2_000): Promise<string> {
  return (await send(app, bytes, waitMs)).received
}

/** As `raw`, but also tells which side closed. */
async function send(
  app: TestApp,
  bytes: string,
  waitMs: number,
): Promise<{ received: string; isCutOff: boolean }> {
  const { hostname, port } = new URL(app.url)
  return new Promise(resolve => {
    let [received, isCutOff] = ['', true]
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    const timer = setTimeout(() => {
      isCutOff = false
      socket.destroy()
    }, waitMs)
    socket.on('data', chunk => {
      received += chunk
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(timer)
      resolve({ received, isCutOff })
    })
  })
}

/** A name of GenAuth's that is so long that an answer which repeats it is more than the kernel's buffers take. */
const LONG_CODE = 'X'.repeat(20_000)
const BIG_ANSWER_BYTES = 10_000_000
const BIG_POST = JSON.stringify({
  query: `query ($users: [UserRefInput!]!) { ${Array.from({ length: 10 }, (_, n) => `a${n}: usersMfa(users: $users) { ...F }`).join(' ')} }
    fragment F on UsersMfaPayload { ... on UsersMfaSuccess { results { payload { ... on UserMfa { factors { code } } } } } }`,
  variables: { users: Array(50).fill({ userId: ADA }) },
})

/** Asks for a big answer, reads nothing for a while, and then what is left of it. */
async function readLate(app: TestApp, afterMs: number): Promise<{ bytes: number; isClosed: boolean }> {
  const { hostname, port } = new URL(app.url)
  const socket = connect(Number(port), hostname)
  socket.pause()
  socket.write(post(app, `content-length: ${BIG_POST.length}\r\n`, BIG_POST))
  await wait(afterMs)
  let bytes = 0
  socket.on('data', chunk => {
    bytes += chunk.length
  })
  socket.on('error', () => {})
  const closed = new Promise<void>(resolve => void socket.once('close', () => resolve()))
  socket.resume()
  const isClosed = await Promise.race([closed.then(() => true), wait(5_000, false)])
  socket.destroy()
  return { bytes, isClosed }
}

/** Returns how long a small request takes: the median of five, since a single one may meet something else. */
async function probe(app: TestApp): Promise<number> {
  const tookMs: number[] = []
  for (let probe = 0; probe < 5; probe++) {
    const startedAtMs = performance.now()
    expect((await app.graphql('{ __typename }')).status).toBe(200)
    tookMs.push(performance.now() - startedAtMs)
  }
  return tookMs.toSorted((a, b) => a - b)[2] ?? 0
}

function post(app: TestApp, headers: string, body: string): string {
  return `POST /graphql HTTP/1.1\r\nhost: localhost\r\nauthorization: ${app.authorization}\r\ncontent-type: application/json\r\n${headers}\r\n${body}`
}

const body = JSON.stringify({ query: SET })
const smuggled = (app: TestApp) => post(app, `content-length: ${body.length}\r\n`, body)

describe('table D', () => {
  it.each([
    ['D1 a mutation by GET', 'GET', `/graphql?query=${encodeURIComponent(SET)}`, {}, 405],
    ['D2 a form', 'POST', '/graphql', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['D2 multipart', 'POST', '/graphql', { 'content-type': 'multipart/form-data; boundary=x' }, 415],
    ['D2 plain text', 'POST', '/graphql', { 'content-type': 'text/plain' }, 415],
    ['D5 PUT', 'PUT', '/graphql', { 'content-type': 'application/json' }, 405],
    ['D5 DELETE', 'DELETE', '/graphql', {}, 405],
    ['D11 a picture', 'POST', '/graphql', { 'content-type': 'application/json', accept: 'image/png' }, 406],
    ['D14 the root', 'GET', '/', {}, 302],
    ['D14 another page', 'GET', '/graphiql', {}, 404],
    ['D14 metrics', 'GET', '/metrics', {}, 404],
    ['D14 debugging', 'GET', '/debug', {}, 404],
    ['D14 the sandbox’s tokens', 'GET', '/sandbox/tokens', {}, 404],
  ])('%s writes nothing, and the next good request works', async (_name, method, path, headers, status) => {
    await using app = await startApp()
    const sent =
      method === 'POST' || method === 'PUT' ? { body: JSON.stringify({ query: '{ __typename }' }) } : {}
    const answer = await app.fetch(path, { method, headers, ...sent })
    expect(answer.status).toBe(status)
    expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)
    expect(app.takeCalls()).toEqual([])
    expect((await app.graphql('{ __typename }')).status).toBe(200)
  })

  it('D2 a body without a content type is refused', async () => {
    await using app = await startApp()
    const bytes = post(app, `content-length: ${body.length}\r\nconnection: close\r\n`, body)
    const received = await raw(app, bytes.replace('content-type: application/json\r\n', ''))
    expect(received).toMatch(/^HTTP\/1\.1 415 /)
    expect(app.takeCalls()).toEqual([])
  })

  it('A32 a gzip bomb is refused before it is inflated', async () => {
    await using app = await startApp()
    const bomb = gzipSync(Buffer.alloc(50 * 2 ** 20))
    expect(bomb.length).toBeLessThan(64 * 2 ** 10)
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    const answer = await app.fetch('/graphql', { method: 'POST', headers, body: bomb })
    expect([answer.status, JSON.parse(answer.text).errors[0].extensions.code]).toEqual([
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ])
  })

  it.each(['https://evil.example', 'null', undefined])(
    'D4 a preflight from %s is answered with no permission',
    async origin => {
      await using app = await startApp({ env: { CORS_ORIGINS: 'https://console.example.com' } })
      const headers = { ...(origin && { origin }), 'access-control-request-method': 'POST' }
      const answer = await app.fetch('/graphql', { method: 'OPTIONS', headers })
      expect(answer.status).toBe(origin === undefined ? 405 : 403)
      expect([...answer.headers.keys()].filter(name => name.startsWith('access-control-'))).toEqual([])
    },
  )

  it('D4 a page of a listed origin may ask and read, without cookies', async () => {
    const origin = 'https://console.example.com'
    await using app = await startApp({ env: { CORS_ORIGINS: `https://a.example.com,${origin}` } })
    const preflight = await app.fetch('/graphql', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization')
    const answer = await app.graphql('{ __typename }', {}, { origin })
    for (const { headers } of [preflight, answer]) {
      expect(headers.get('access-control-allow-origin')).toBe(origin)
      expect(headers.get('access-control-allow-credentials')).toBeNull()
      expect(headers.get('vary')).toBe('Origin')
    }
    const other = await app.graphql('{ __typename }', {}, { origin: 'https://evil.example' })
    expect(other.headers.get('access-control-allow-origin')).toBeNull()
  })

  it.each<[string, (app: TestApp) => string]>([
    ['two lengths', app => post(app, 'content-length: 2\r\ncontent-length: 3\r\n', '{}')],
    [
      'a length and chunks',
      app => post(app, 'content-length: 5\r\ntransfer-encoding: chunked\r\n', `0\r\n\r\n${smuggled(app)}`),
    ],
    [
      'an unknown transfer encoding',
      app => post(app, 'transfer-encoding: xchunked\r\n', `0\r\n\r\n${smuggled(app)}`),
    ],
    ['a folded header', app => post(app, 'x-a: 1\r\n folded\r\ncontent-length: 2\r\n', '{}')],
    ['a space before a colon', app => post(app, 'content-length : 2\r\n', '{}')],
    ['a bare line feed', app => post(app, 'content-length: 2\nx-a: 1\r\n', '{}')],
    ['a NUL in a header', app => post(app, 'x-a: \u0000\r\ncontent-length: 2\r\n', '{}')],
    ['a negative length', app => post(app, 'content-length: -1\r\n', smuggled(app))],
    ['a header of 17 KB', app => post(app, `x-a: ${'a'.repeat(17 * 1024)}\r\ncontent-length: 2\r\n`, '{}')],
    ['a protocol of its own', () => '\u0016\u0003\u0001\u0000\u0001\u0000'],
    [
      'an upgrade to a websocket',
      app => post(app, 'upgrade: websocket\r\nconnection: upgrade\r\ncontent-length: 2\r\n', '{}'),
    ],
    ['CONNECT', () => 'CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example:443\r\n\r\n'],
    ['TRACE', () => 'TRACE /graphql HTTP/1.1\r\nhost: localhost\r\n\r\n'],
  ])('D6 %s ends in a refusal, and no second request runs', async (_name, toBytes) => {
    await using app = await startApp()
    const received = await raw(app, toBytes(app))
    expect(received).toMatch(/^$|^HTTP\/1\.1 4\d\d /)
    expect(app.takeCalls()).toEqual([])
    expect((await app.graphql('{ __typename }')).status).toBe(200)
    const stoppedAtMs = performance.now()
    await app.close()
    // Nothing is still under way that a stop would have to wait for.
    expect(performance.now() - stoppedAtMs).toBeLessThan(5_000)
  })

  it('D8 slow headers, slow bodies and slow readers are cut off, while others are served', {
    tags: 'long',
    timeout: 40_000,
  }, async () => {
    await using genauth = await startFakeGenAuth()
    genauth.reply(
      'get-mfa-status',
      ok(triggerData({ applicationMfa: [{ mfaPolicy: LONG_CODE, status: 1, sort: 0 }] })),
    )
    await using app = await startApp({ upstream: genauth, env: { LOG_LEVEL: 'info' } })
    const usualMs = await probe(app)
    // Seconds that this process was given: where others take the processor, a timer of Node's skips what it missed.
    let givenS = 0
    const timer = setInterval(() => {
      givenS += 0.1
    }, 100)
    onTestFinished(() => clearInterval(timer))
    const slow = [
      ...Array.from({ length: 50 }, () => send(app, 'POST /graphql HTTP/1.1\r\nhost: x\r\nx-slow: ', 25_000)),
      ...Array.from({ length: 50 }, () => send(app, post(app, 'content-length: 50\r\n', '{'), 25_000)),
    ]
    const late = Array.from({ length: 2 }, () => readLate(app, 11_500))
    // By then the big answers fill what the kernel holds.
    await wait(3_000)
    // A busy machine is slow without them, too.
    expect((await probe(app)) - usualMs).toBeLessThan(1_000)
    for (const { isCutOff } of await Promise.all(slow)) expect(isCutOff).toBe(true)
    expect(givenS).toBeLessThan(13)
    for (const { bytes, isClosed } of await Promise.all(late)) {
      expect(isClosed).toBe(true)
      expect(bytes).toBeGreaterThan(0)
      expect(bytes).toBeLessThan(BIG_ANSWER_BYTES)
    }
    const cutOff = app.log.filter(line => line.aborted && line.operation === 'query')
    expect(cutOff).toHaveLength(late.length)
  })

  it('every answer has the headers that keep it from being stored, framed or sniffed', async () => {
    await using app = await startApp()
    for (const path of ['/graphql', '/health', '/nowhere']) {
      const { headers } = await app.fetch(path, { method: path === '/graphql' ? 'POST' : 'GET' })
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'")
    }
  })
})
