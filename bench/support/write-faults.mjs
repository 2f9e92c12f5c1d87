// The faults of a write, and the replies of GenAuth in the same time. With `refuses`, GenAuth itself says no,
// and never carries out such a write. All others may be carried out before the reply, long after it, or
// never.
import { gzipSync } from 'node:zlib'

const SUCCESS = toEnvelope(200, { data: { success: true } })

/** Replies that say nothing certain, as actions on the socket. */
const IN_DOUBT = {
  reset: ({ socket }) => socket.resetAndDestroy(),
  'FIN without a byte': ({ socket }) => socket.end(),
  silence: () => {},
  'half an answer': ({ socket }) => socket.end(toHttp({ body: SUCCESS }).slice(0, -9)),
  'half an answer, then a reset': ({ socket }) => {
    socket.write(toHttp({ body: SUCCESS }).slice(0, -9))
    setTimeout(() => socket.resetAndDestroy(), 10)
  },
  'no HTTP': ({ socket }) => socket.end('220 mail ESMTP\r\n\r\n'),
  'a success behind a redirect status': page(307, SUCCESS),
  'data: null': own(200, { data: null }),
  'success: false': own(200, { data: { success: false } }),
  'success as text': own(200, { data: { success: 'true' } }),
  'broken JSON': page(200, SUCCESS.slice(0, -1)),
  'an empty body': page(200, ''),
  'a compressed body': ({ socket }) =>
    socket.end(
      Buffer.concat([
        Buffer.from(
          `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${gzipSync(SUCCESS).length}\r\n\r\n`,
        ),
        gzipSync(SUCCESS),
      ]),
    ),
  'already used (1306)': own(401, { apiCode: 1306 }),
  'unknown user under 500': own(500, { apiCode: 2004 }),
  'locked user under 200': own(200, { apiCode: 2005 }),
  'no access under 504': own(504, { apiCode: 2020 }),
  'a plan that is over under 603': own(603, { apiCode: 4021 }),
  'a refusal under HTTP 502': page(502, toEnvelope(404)),
  'a refusal under HTTP 504': page(504, toEnvelope(422)),
  ...named('page', [200, 302, 400, 401, 403, 404, 408, 413, 429, 499, 500, 501, 502, 503, 504], status =>
    page(status, `<title>${status}</title>`),
  ),
  ...named('envelope', [201, 302, 408, 499, 500, 502, 503, 504, 599, 601, 602, 603, 604, 777], status =>
    own(status),
  ),
}

/** 401 is left out, because each makes the layer fetch a token, which it does at most once a second. */
const REFUSALS = {
  ...named('refusal', [400, 402, 403, 404, 409, 413, 422, 429, 501], status => own(status)),
  ...named('refused signature', [1300, 1303, 1305], apiCode => own(400, { apiCode })),
}

export const WRITE_FAULTS = [
  ...Object.entries(IN_DOUBT).map(([name, answer]) => ({ name, answer, refuses: false })),
  ...Object.entries(REFUSALS).map(([name, answer]) => ({ name, answer, refuses: true })),
]

/** The faults that end quickly, for writes that are carried out late. */
export const FAULTS_BEFORE_LATE_WRITES = WRITE_FAULTS.filter(
  ({ name, refuses }) => !refuses && name !== 'silence',
)

/** Returns GenAuth's own reply. */
export function toEnvelope(statusCode, more = {}) {
  return JSON.stringify({ statusCode, message: 'words of GenAuth', requestId: 'oracle', ...more })
}

/** Returns an HTTP response as text. */
export function toHttp({ status = 200, headers = '', body = '' }) {
  return `HTTP/1.1 ${status} X\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`
}

function own(statusCode, more) {
  return page(200, toEnvelope(statusCode, more))
}

function page(status, body) {
  return ({ socket }) => void socket.write(toHttp({ status, body }))
}

function named(kind, numbers, toAnswer) {
  return Object.fromEntries(numbers.map(number => [`${kind} ${number}`, toAnswer(number)]))
}
