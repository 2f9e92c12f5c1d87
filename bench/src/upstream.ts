import { createServer } from 'node:net'
import { readMessage } from './harness/http-framing.ts'
import { readFactorCount, toUserId } from './harness/users.ts'

/**
 * The fastest possible GenAuth. It replies without delay from prepared bytes, checks nothing, stores nothing, and
 * counts calls. `GET /counts` returns the counts by endpoint and resets them.
 */

const MAX_FACTOR_COUNT = 255
const TRACES = 'traces'
const CODES = ['SMS', 'OTP', 'EMAIL', 'FACE']

const ANSWERS = new Map([
  ['get-management-token', toAnswer({ access_token: toManagementToken(), expires_in: 7200 })],
  ['set-mfa-status', toAnswer({ success: true })],
  [
    'get-user-mfa-info',
    toAnswer({
      totpStatus: 'enabled',
      faceMfaStatus: 'disabled',
      smsMfaStatus: 'enabled',
      emailMfaStatus: 'disabled',
    }),
  ],
  ['get-user', toAnswer({ userId: toUserId(1) })],
  ['get-user-batch', toAnswer([])],
  ['get-global-mfa-settings', toAnswer({ enabledFactors: CODES })],
  // A collector of traces, which is not a call to GenAuth.
  [TRACES, toHttp({})],
])
const STATES = Array.from({ length: MAX_FACTOR_COUNT + 1 }, (_, count) => toAnswer(toTriggerData(count)))
const NOT_FOUND = Buffer.from('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n')
const USER_ID = 'userId='
/**
 * Like a real server, it closes such a connection first. Otherwise thousands of the subject's ports would wait for
 * their end, and each new connection would search for a free one.
 */
const WANTS_CLOSE = /\r\nconnection: *close/i
const EMPTY = Buffer.alloc(0)

const counts = new Map<string, number>()

function toTriggerData(factorCount: number) {
  return {
    mfaToken: 'made-up-mfa-token-of-the-usual-length',
    mfaPhone: '13800000001',
    mfaPhoneCountryCode: '+86',
    mfaEmail: 'someone@example.com',
    nickname: null,
    username: 'someone',
    phone: null,
    phoneCountryCode: null,
    faceMfaEnabled: false,
    totpMfaEnabled: true,
    applicationMfa: Array.from({ length: factorCount }, (_, place) => ({
      mfaPolicy: CODES[place] ?? `FACTOR_${place}`,
      status: place === 2 ? 0 : 1,
      sort: place,
    })),
  }
}

function toManagementToken(): string {
  const parts = [{ alg: 'HS256' }, { scoped_userpool_id: '59f86b4832eb28071bdd9214' }]
  return [...parts.map(part => Buffer.from(JSON.stringify(part)).toString('base64url')), 'unsigned'].join('.')
}

function toAnswer(data: unknown): Buffer {
  return toHttp({ statusCode: 200, message: '', requestId: 'bench-upstream', data })
}

function toHttp(value: unknown): Buffer {
  const body = JSON.stringify(value)
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`
  return Buffer.from(head + body)
}

function answer(head: string): Buffer {
  const path = head.slice(head.indexOf(' ') + 1, head.indexOf(' HTTP/1.1'))
  if (path === '/counts') {
    const told = toHttp(Object.fromEntries(counts))
    counts.clear()
    return told
  }
  const queryAt = path.indexOf('?')
  const endpoint = path.slice(path.lastIndexOf('/', queryAt < 0 ? path.length : queryAt) + 1).split('?', 1)[0]
  if (endpoint === undefined) return NOT_FOUND
  if (endpoint === TRACES) return ANSWERS.get(TRACES) ?? NOT_FOUND
  counts.set(endpoint, (counts.get(endpoint) ?? 0) + 1)
  if (endpoint !== 'get-mfa-status') return ANSWERS.get(endpoint) ?? NOT_FOUND
  return STATES[readFactorCount(path, path.indexOf(USER_ID) + USER_ID.length)] ?? NOT_FOUND
}

const server = createServer({ noDelay: true }, socket => {
  let received = EMPTY
  socket.on('error', () => socket.destroy())
  socket.on('data', chunk => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    for (let message = readMessage(received); message !== null; message = readMessage(received)) {
      if (WANTS_CLOSE.test(message.head)) socket.end(answer(message.head))
      else socket.write(answer(message.head))
      received = received.subarray(message.end)
    }
  })
})

server.listen(Number(process.env['PORT']), '127.0.0.1')
