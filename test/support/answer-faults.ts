import { gzipSync } from 'node:zlib'
import { type Fault, toAnswer } from './fault-upstream.ts'

const DRIP_MS = 100
/** Long enough for the earlier bytes to be read. */
const PAUSE_MS = 30
/** Above the limits of the layer for headers and for a reply. */
const HUGE_HEADER = 'x'.repeat(20 * 1024)
const HUGE_TEXT = ' '.repeat(1_100_000)
const BOMB = gzipSync(Buffer.alloc(20_000_000)).toString('latin1')
const PAGE = '<!doctype html><title>503</title>'

/** Every wrong reply to a request whose connection is open. */
export const ANSWER_FAULTS = {
  reset: ({ socket }) => socket.resetAndDestroy(),
  'closed without a byte': ({ socket }) => socket.end(),
  silence: () => {},
  'headers that drip': ({ socket, body }) =>
    drip(socket, toAnswer({ body, headers: { 'x-pad': HUGE_HEADER } })),
  'a body that drips': ({ socket, body }) => {
    socket.write(toAnswer({ headers: { 'content-length': body.length } }))
    drip(socket, body)
  },
  'a body that stalls': ({ socket, body }) => {
    socket.write(toAnswer({ headers: { 'content-length': body.length }, body: body.slice(0, -1) }))
  },
  'closed in the body': ({ socket, body }) => {
    socket.end(toAnswer({ headers: { 'content-length': body.length }, body: body.slice(0, -1) }))
  },
  'reset in the body': ({ socket, body }) => {
    socket.write(toAnswer({ headers: { 'content-length': body.length }, body: body.slice(0, -1) }))
    setTimeout(() => socket.resetAndDestroy(), PAUSE_MS)
  },
  'chunks without their end': ({ socket, body }) => {
    socket.end(toChunked(`${body.length.toString(16)}\r\n${body}\r\n`))
  },
  'a chunk cut in two': ({ socket, body }) => {
    socket.end(toChunked(`${body.length.toString(16)}\r\n${body.slice(0, 10)}`))
  },
  'a chunk of no length': ({ socket, body }) => void socket.write(toChunked(`zz\r\n${body}\r\n0\r\n\r\n`)),
  'a content-length too long': ({ socket, body }) => {
    socket.write(toAnswer({ headers: { 'content-length': body.length + 5 }, body }))
  },
  'a content-length too short': ({ answer, body }) =>
    answer({ headers: { 'content-length': body.length - 5 } }),
  'two content-lengths': ({ socket, body }) => {
    socket.write(toAnswer({ body, headers: { 'Content-Length': 5 } }))
  },
  'a content-length below zero': ({ answer }) => answer({ headers: { 'content-length': -1 } }),
  'both ways to say the length': ({ socket, body }) => {
    const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
    socket.write(
      toAnswer({ headers: { 'transfer-encoding': 'chunked', 'content-length': 5 }, body: chunked }),
    )
  },
  'no HTTP': ({ socket }) => void socket.write('220 mail.example.com ESMTP\r\n\r\n'),
  'bytes of chance': ({ socket }) =>
    void socket.write(Buffer.from(Array.from({ length: 64 }, (_, i) => i * 37))),
  'headers without end': ({ socket, body }) => {
    socket.write(toAnswer({ body, headers: { 'x-pad': HUGE_HEADER } }))
  },
  'a body too large': ({ answer, body }) => answer({ body: body + HUGE_TEXT }),
  'a compressed bomb': ({ socket }) => {
    socket.write(
      Buffer.from(
        toAnswer({ headers: { 'content-encoding': 'gzip', 'content-length': BOMB.length } }) + BOMB,
        'latin1',
      ),
    )
  },
  'a good body that claims to be compressed': ({ answer }) =>
    answer({ headers: { 'content-encoding': 'br' } }),
  'broken JSON': ({ answer, body }) => answer({ body: body.slice(0, -1) }),
  'a page in place of JSON': ({ answer }) => answer({ headers: { 'content-type': 'text/html' }, body: PAGE }),
  'an empty body': ({ answer }) => answer({ body: '' }),
  'HTTP 204': ({ socket }) => void socket.write('HTTP/1.1 204 No Content\r\n\r\n'),
  'HTTP 304': ({ socket }) => void socket.write('HTTP/1.1 304 Not Modified\r\n\r\n'),
  'HTTP 500 with a page': ({ answer }) => answer({ status: '500 Oops', body: PAGE }),
  'HTTP 502 with a page': ({ answer }) => answer({ status: '502 Bad Gateway', body: PAGE }),
  'HTTP 503 with a page': ({ answer }) =>
    answer({ status: '503 Busy', headers: { 'retry-after': 0 }, body: PAGE }),
  'HTTP 504 without a body': ({ answer }) => answer({ status: '504 Gateway Timeout', body: '' }),
  'HTTP 403 with a page': ({ answer }) => answer({ status: '403 Forbidden', body: PAGE }),
  'status 500': ({ answer }) => answer({ body: envelope(500) }),
  'status 503': ({ answer }) => answer({ body: envelope(503) }),
  'status 503 under HTTP 503': ({ answer }) => answer({ status: '503 Busy', body: envelope(503) }),
  'a status that is no number': ({ answer, body }) =>
    answer({ body: body.replace('"statusCode":200', '"statusCode":"OK"') }),
  'data of the wrong shape': ({ answer }) =>
    answer({ body: '{"statusCode":200,"message":"","data":{"success":"yes","applicationMfa":"SMS"}}' }),
  'HTTP 101': ({ socket }) =>
    void socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n'),
  'HTTP 100 that nobody asked for': ({ socket, answer }) => {
    socket.write('HTTP/1.1 100 Continue\r\n\r\n')
    answer()
  },
  'HTTP 102 for ever': ({ socket }) => {
    const timer = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), DRIP_MS)
    socket.once('close', () => clearInterval(timer))
  },
} satisfies Record<string, Fault>

/** Unusual replies that are still right. */
export const ODD_ANSWERS = {
  'hints before it': ({ socket, answer }) => {
    socket.write('HTTP/1.1 103 Early Hints\r\nlink: </x>; rel=preload\r\n\r\n')
    setTimeout(() => answer(), PAUSE_MS)
  },
  'HTTP/1.0, its end the end of the connection': ({ socket, body }) => {
    socket.end(`HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n${body}`)
  },
  'a byte at a time': ({ socket, body }) => {
    for (const byte of toAnswer({ body })) socket.write(byte)
  },
  'chunks of one byte': ({ socket, body }) => {
    socket.write(toChunked(`${[...body].map(byte => `1\r\n${byte}\r\n`).join('')}0\r\n\r\n`))
  },
  'the connection closed behind it': ({ socket, body }) => {
    socket.end(toAnswer({ body, headers: { connection: 'close' } }))
  },
  'the connection reset behind it': ({ socket, answer }) => {
    answer()
    setTimeout(() => socket.resetAndDestroy(), PAUSE_MS)
  },
  'a status as text': ({ answer, body }) =>
    answer({ body: body.replace('"statusCode":200', '"statusCode":"200"') }),
} satisfies Record<string, Fault>

/** Returns a reply in GenAuth's envelope, with nothing but a status. */
export function envelope(statusCode: number): string {
  return JSON.stringify({ statusCode, message: 'not today', requestId: 'fault-1' })
}

function toChunked(chunks: string): string {
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${chunks}`
}

function drip(socket: Parameters<Fault>[0]['socket'], text: string): void {
  let at = 0
  const timer = setInterval(() => socket.write(text[at++] ?? ''), DRIP_MS)
  socket.once('close', () => clearInterval(timer))
}
