import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { TLSSocket } from 'node:tls'
import { Pool } from 'undici'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/base/clock.ts'
import type { ConnectOptions } from '../../../src/genauth/connection/create-connect.ts'
import { SingleUseConnections } from '../../../src/genauth/connection/single-use-connections.ts'
import type { SingleRequest } from '../../../src/genauth/connection/to-request-bytes.ts'
import { dispatchHttp } from '../../../src/genauth/dispatch-http.ts'
import { CONNECTION_FAULTS, readCertificate, TEST_CA_FILE } from '../../support/connection-faults.ts'
import { startRawServer } from '../../support/raw-server.ts'

const LIMITS = { connectTimeoutMs: 2_000, maxHeaderBytes: 16 * 1024, maxBodyBytes: 1024 * 1024 }
const CA = readFileSync(TEST_CA_FILE)
const GET: SingleRequest = {
  method: 'GET',
  path: '/a?b=c',
  headers: ['accept', 'application/json'],
  body: null,
}
const POST: SingleRequest = {
  method: 'POST',
  path: '/a',
  headers: ['accept', 'application/json', 'content-type', 'application/json', 'X-Case', 'é'],
  body: '{"name":"Zoë","sign":"🙂"}',
}
const OK = 'HTTP/1.1 200 OK\r\n'
const WELL = `${OK}content-length: 4\r\n\r\nwell`
const answer = (socket: Socket) => void socket.end(WELL)

/** Node can reset no connection over TLS. */
function reset(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy()
  else socket.resetAndDestroy()
}

interface Sending {
  readonly request?: SingleRequest
  readonly timeoutMs?: number
  readonly isWanted?: () => boolean
}

function connect(origin: string, options: Partial<ConnectOptions> = { ca: CA }) {
  const connections = new SingleUseConnections(origin, { ...LIMITS, ...options })
  let sent = 0
  return {
    destroy: () => connections.destroy(),
    sent: () => sent,
    send: ({ request = GET, timeoutMs = 5_000, isWanted = () => true }: Sending = {}) =>
      connections.dispatch(request, { timeoutMs, clock: systemClock, onSent: () => sent++, isWanted }),
  }
}

/** Sends a request as the pool of the shared reads does, but on a connection of its own. */
async function sendWithUndici(origin: string, request: SingleRequest, timeoutMs = 5_000) {
  const pool = new Pool(origin, {
    pipelining: 1,
    maxHeaderSize: LIMITS.maxHeaderBytes,
    maxResponseSize: LIMITS.maxBodyBytes,
  })
  const undiciRequest = { ...request, headers: [...request.headers], reset: true }
  const options = { timeoutMs, clock: systemClock, onSent() {}, isWanted: () => true }
  const outcome = await dispatchHttp(pool, undiciRequest, options)
  await pool.destroy()
  return outcome
}

describe('a request is sent once, on a connection of its own', () => {
  it('which is closed once the response is whole, though the other side would go on', async () => {
    await using server = await startRawServer(socket => void socket.write(WELL))
    const { send, sent } = connect(server.origin)
    expect(await send()).toEqual({ kind: 'ANSWERED', httpStatus: 200, headers: {}, text: 'well' })
    expect(await send()).toMatchObject({ text: 'well' })
    expect(sent()).toBe(2)
    expect(server.received).toHaveLength(2)
    await expect.poll(() => server.open.size).toBe(0)
  })

  it.each([
    ['GET', GET],
    ['POST', POST],
    ['POST without parameters', { ...POST, body: '{}' }],
    ['a header of Latin-1', { ...GET, headers: ['a', 'h\xe9\t ~'] }],
  ])('in the bytes that undici writes: %s', async (_what, request) => {
    await using server = await startRawServer(socket => void setTimeout(30).then(() => answer(socket)))
    await connect(server.origin).send({ request })
    await sendWithUndici(server.origin, request)
    const [own, other] = server.received
    expect(own).toContain(' HTTP/1.1\r\nhost: 127.0.0.1:')
    expect(own).toBe(other)
  })

  it('before its response is there', async () => {
    let sent = () => 0
    await using server = await startRawServer(socket => void socket.end(`${OK}\r\n${sent()}`))
    const sending = connect(server.origin)
    sent = sending.sent
    expect(await sending.send()).toMatchObject({ text: '1' })
  })
})

/** What a server does with a request, and whether the request is answered. */
const BEHAVIOURS: readonly [string, (socket: Socket) => unknown, 'ANSWERED' | 'LOST' | 'LATE'][] = [
  ['closes behind the response', answer, 'ANSWERED'],
  [
    'resets behind the response',
    async socket => {
      socket.write(WELL)
      await setTimeout(30)
      reset(socket)
    },
    'ANSWERED',
  ],
  [
    'sends a byte at a time',
    async socket => {
      for (const byte of WELL) await new Promise(done => socket.write(byte, done))
    },
    'ANSWERED',
  ],
  ['sends two responses', socket => socket.end(`${WELL}${WELL}`), 'ANSWERED'],
  ['closes with nothing', socket => socket.end(), 'LOST'],
  ['resets', reset, 'LOST'],
  ['closes within the body', socket => socket.end(WELL.slice(0, -1)), 'LOST'],
  ['closes within the headers', socket => socket.end(WELL.slice(0, 20)), 'LOST'],
  ['sends 100 first', socket => socket.end(`HTTP/1.1 100 Continue\r\n\r\n${WELL}`), 'LOST'],
  [
    'sends too many headers',
    socket => socket.end(`${OK}${`a: ${'b'.repeat(95)}\r\n`.repeat(170)}\r\n`),
    'LOST',
  ],
  ['sends a body too large', socket => socket.end(`${OK}\r\n${'x'.repeat(1024 * 1024 + 1)}`), 'LOST'],
  ['hangs', () => {}, 'LATE'],
  ['hangs within the body', socket => socket.write(WELL.slice(0, -1)), 'LATE'],
]
const EXPECTED = {
  ANSWERED: { kind: 'ANSWERED', httpStatus: 200, text: 'well' },
  LOST: { kind: 'UNANSWERED', isStarted: true, isLate: false },
  LATE: { kind: 'UNANSWERED', isStarted: true, isLate: true },
}

describe.concurrent.each([
  ['', undefined],
  [' over TLS', readCertificate('good')],
])('a server%s that', (_how, tls) => {
  it.for(BEHAVIOURS)('%s', async ([, behave, outcome], { expect }) => {
    await using server = await startRawServer(behave, tls === undefined ? {} : { tls })
    const { send, sent } = connect(server.origin)
    const timeoutMs = outcome === 'LATE' ? 500 : 10_000
    expect(await send({ timeoutMs })).toMatchObject(EXPECTED[outcome])
    expect(sent()).toBe(1)
    await expect.poll(() => server.open.size).toBe(0)
  })
})

describe('over TLS', () => {
  it('a host name is asked for, the last session resumed, and HTTP/1.1 agreed', async () => {
    const seen: unknown[] = []
    const tls = { ...readCertificate('good'), ALPNProtocols: ['h2', 'http/1.1'] }
    await using server = await startRawServer(answer, {
      tls,
      onConnection(socket) {
        if (!(socket instanceof TLSSocket)) return
        seen.push([socket.servername, socket.alpnProtocol, socket.isSessionReused()])
      },
    })
    const { send } = connect(server.origin)
    await send()
    await send()
    expect(seen).toEqual([
      ['localhost', 'http/1.1', false],
      ['localhost', 'http/1.1', true],
    ])
  })

  it.each([
    ['wrong-name', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['expired', 'CERT_HAS_EXPIRED'],
  ] as const)('a certificate that is %s gets no request', async (name, code) => {
    await using server = await startRawServer(answer, { tls: readCertificate(name) })
    const { send, sent } = connect(server.origin)
    expect(await send()).toMatchObject({ kind: 'UNANSWERED', isStarted: false, cause: { code } })
    expect(sent()).toBe(0)
    expect(server.received.join('')).toBe('')
  })

  it('an address is checked as one, and not asked for as a name', async () => {
    const names: unknown[] = []
    const tls = {
      ...readCertificate('good'),
      SNICallback(name: string, done: (error: null) => void) {
        names.push(name)
        done(null)
      },
    }
    await using server = await startRawServer(answer, { tls })
    const { send } = connect(server.origin.replace('localhost', '127.0.0.1'))
    expect(await send()).toMatchObject({ isStarted: false, cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' } })
    expect(names).toEqual([])
  })
})

describe('a request is not sent', () => {
  const NOT_SENT = { kind: 'UNANSWERED', isStarted: false, isLate: false }

  it.concurrent.each(Object.entries(CONNECTION_FAULTS))('for %s', async (_what, start) => {
    await using nowhere = await start()
    const { send, sent } = connect(nowhere.url, { connectTimeoutMs: 300 })
    expect(await send()).toMatchObject(NOT_SENT)
    expect(sent()).toBe(0)
  })

  it('when its time is over before there is a connection', async () => {
    await using nowhere = await CONNECTION_FAULTS['a TLS handshake without an answer']()
    const { send, sent } = connect(nowhere.url)
    expect(await send({ timeoutMs: 100 })).toEqual({ ...NOT_SENT, isLate: true, cause: null })
    expect(sent()).toBe(0)
  })

  it('when it is not wanted any more once there is a connection', async () => {
    await using server = await startRawServer(answer)
    const { send, sent } = connect(server.origin)
    let isWanted = true
    const sending = send({ isWanted: () => isWanted })
    isWanted = false
    expect(await sending).toMatchObject(NOT_SENT)
    expect(sent()).toBe(0)
    await expect.poll(() => server.open.size).toBe(0)
    expect(server.received.join('')).toBe('')
  })

  it.each<[string, Partial<SingleRequest>]>([
    ['a line in a value', { headers: ['a', 'b\r\nc: d'] }],
    ['a line feed in a value', { headers: ['a', 'b\nc'] }],
    ['a NUL in a value', { headers: ['a', '\0'] }],
    ['a letter that is not Latin-1', { headers: ['a', 'ő'] }],
    ['a line in a name', { headers: ['a\r\nb', 'c'] }],
    ['a colon in a name', { headers: ['a:', 'b'] }],
    ['no name', { headers: ['', 'b'] }],
    ['a second host', { headers: ['Host', 'b'] }],
    ['a length', { headers: ['content-length', '1'] }],
    ['chunks', { headers: ['Transfer-Encoding', 'chunked'] }],
    ['a space in the path', { path: '/a b' }],
    ['a line in the path', { path: '/a\r\nb: c' }],
    ['a path that is none', { path: 'a' }],
    ['a letter in the path that is not Latin-1', { path: '/ő' }],
  ])('when it has %s, and then there is no connection', async (_what, part) => {
    await using server = await startRawServer(answer)
    const request = { ...GET, ...part }
    const { send, sent } = connect(server.origin)
    const invalid = { ...NOT_SENT, cause: { code: 'UND_ERR_INVALID_ARG' } }
    expect(await send({ request })).toMatchObject(invalid)
    expect(sent()).toBe(0)
    expect(server.received).toEqual([])
  })
})

describe('when all connections are ended', () => {
  it('requests under way get no response, and those that come later are not sent', async () => {
    await using server = await startRawServer(() => {})
    const { send, destroy } = connect(server.origin)
    const sending = Array.from({ length: 3 }, () => send())
    await expect.poll(() => server.received.filter(text => text !== '')).toHaveLength(3)
    const connecting = send()
    destroy()
    const lost = { kind: 'UNANSWERED', isStarted: true, isLate: false }
    expect(await Promise.all(sending)).toMatchObject([lost, lost, lost])
    const unsent = { ...lost, isStarted: false }
    expect([await connecting, await send()]).toMatchObject([unsent, unsent])
    await expect.poll(() => server.open.size).toBe(0)
  })
})
