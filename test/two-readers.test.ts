import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from './support/app.ts'

const A = '65a000000000000000000001'
const B = '65a000000000000000000002'
const READ = 'query ($i: UserRefInput!) { usersMfa(users: [$i]) { __typename } }'
const SET = 'mutation ($i: SetUserMfaStatusInput!) { setUserMfaStatus(input: $i) { __typename } }'
const [query, set, other] = [READ, SET, '{ __typename }'].map(text => JSON.stringify(text))
const asked = encodeURIComponent(READ)
const oneUser = encodeURIComponent(`{"i":{"userId":"${A}"}}`)

let app: TestApp
beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app[Symbol.asyncDispose]())

interface Sent {
  readonly method?: string
  readonly target?: string
  readonly headers?: string
  readonly body?: string | Buffer
}

/** Sends a request as it stands, byte by byte, and gives the status and the code of the answer. */
async function send({ method = 'POST', target = '/graphql', headers, body = '' }: Sent) {
  const bytes = Buffer.from(body)
  const own = headers ?? 'content-type: application/json\r\n'
  const length = method === 'GET' && bytes.length === 0 ? '' : `content-length: ${bytes.length}\r\n`
  const start = `${method} ${target} HTTP/1.1\r\nhost: localhost\r\nauthorization: ${app.authorization}\r\n`
  const { hostname, port } = new URL(app.url)
  const socket = connect(Number(port), hostname)
  socket.setTimeout(5_000, () => socket.destroy())
  socket.write(
    Buffer.concat([
      Buffer.from(
        `${start}accept: application/graphql-response+json\r\nconnection: close\r\n${own}${length}\r\n`,
        'latin1',
      ),
      bytes,
    ]),
  )
  let received = ''
  for await (const chunk of socket) received += chunk
  const [, status] = /^HTTP\/1\.1 (\d+)/.exec(received) ?? []
  const [, json = '{}'] = /\r\n\r\n(.*)$/s.exec(received) ?? []
  const { data, errors } = JSON.parse(json)
  return { status: Number(status), data, code: errors?.[0].extensions.code }
}

const post = (body: string | Buffer, more: Sent = {}): Sent => ({ body, ...more })
const get = (search: string, more: Sent = {}): Sent => ({
  method: 'GET',
  target: `/graphql?${search}`,
  headers: '',
  ...more,
})
const variables = (json: string) => `{"query":${set},"variables":${json}}`
const input = (json: string) => variables(`{"i":{"disable":["SMS"],${json}}}`)
const good = input(`"userId":"${A}"`)

/** Each could be taken for one thing by who looks at it on the way, and for another by this server. */
const TABLE: readonly (readonly [string, Sent, number])[] = [
  ['a user twice', post(input(`"userId":"${A}","userId":"${B}"`)), 400],
  ['a user twice, once escaped', post(input(`"userId":"${A}","user\\u0049d":"${B}"`)), 400],
  ['a user twice, first escaped', post(input(`"\\u0075serId":"${A}","userId":"${B}"`)), 400],
  ['the same user twice', post(input(`"userId":"${A}","userId":"${A}"`)), 400],
  ['a variable twice', post(variables(`{"i":{"userId":"${A}"},"i":{"userId":"${B}"}}`)), 400],
  ['a key twice in a list', post(input(`"userId":"${A}","factors":[{"type":"OTP","type":"SMS"}]`)), 400],
  [
    'a key twice where nobody looks',
    post(input(`"userId":"${A}"`).replace('{', '{"extensions":{"x":{"a":1,"a":2}},')),
    400,
  ],
  ['variables twice', post(`{"query":${set},"variables":{},"variables":{"i":{"userId":"${A}"}}}`), 400],
  ['a document twice', post(`{"query":${other},"query":${query}}`), 400],
  ['a prototype twice', post(input(`"userId":"${A}","__proto__":{},"__proto__":{"userId":"${B}"}`)), 400],
  ['a prototype at the top', post(good.replace('{', `{"__proto__":{"query":${other}},`)), 400],
  ['a key in capitals beside it', post(good.replace('{', `{"QUERY":${other},`)), 400],
  [
    'an input field twice in the document',
    post(
      JSON.stringify({ query: `{ usersMfa(users: [{ userId: "${A}", userId: "${B}" }]) { __typename } }` }),
    ),
    400,
  ],
  [
    'an argument twice in the document',
    post(JSON.stringify({ query: `{ userMfa(userId: "${A}", userId: "${B}") { __typename } }` })),
    400,
  ],
  [
    'an operation name twice in the document',
    post(
      JSON.stringify({
        query: `query A { __typename } query A { userMfa(userId: "${A}") { __typename } }`,
        operationName: 'A',
      }),
    ),
    400,
  ],
  ['a byte order mark', post(`\ufeff${good}`), 400],
  ['UTF-16', post(Buffer.from(`\ufeff${good}`, 'utf16le')), 400],
  [
    'an overlong slash',
    post(Buffer.concat([Buffer.from(good.slice(0, -1)), Buffer.from([0xc0, 0xaf])])),
    400,
  ],
  ['a second value behind the first', post(`${good}${good}`), 400],
  ['a NUL behind the body', post(`${good}\0`), 400],
  ['a comment', post(`${good}/* */`), 400],
  ['a document in the URL too', post(good, { target: `/graphql?query=${asked}` }), 400],
  [
    'a document in the URL too, escaped',
    post(good, { target: '/graphql?a=1&%71uery=%7B__typename%7D' }),
    400,
  ],
  ['a list of documents in the URL too', post(good, { target: '/graphql?query[]=%7B__typename%7D' }), 400],
  ['variables in the URL too', post(good, { target: `/graphql?Variables=${oneUser}` }), 400],
  ['an operation name in the URL too', post(good, { target: '/graphql?operationName=A' }), 400],
  ['a document id in the URL too', post(good, { target: '/graphql?documentId=A' }), 400],
  [
    'two content types',
    post(good, { headers: 'content-type: application/json\r\nContent-Type: text/plain\r\n' }),
    415,
  ],
  [
    'two content types in one',
    post(good, { headers: 'content-type: application/json, text/plain\r\n' }),
    415,
  ],
  [
    'two charsets',
    post(good, { headers: 'content-type: application/json; charset=utf-8; charset=utf-16\r\n' }),
    415,
  ],
  ['UTF-7', post(good, { headers: 'content-type: application/json; charset=utf-7\r\n' }), 415],
  [
    'two encodings',
    post(good, {
      headers: 'content-type: application/json\r\ncontent-encoding: identity\r\ncontent-encoding: gzip\r\n',
    }),
    415,
  ],
  [
    'two tokens',
    post(good, { headers: 'content-type: application/json\r\nauthorization: Bearer x\r\n' }),
    401,
  ],
  ['a document twice in a GET', get(`query=${asked}&variables=${oneUser}&query=%7B__typename%7D`), 400],
  [
    'a document twice in a GET, once escaped',
    get(`query=%7B__typename%7D&%71uery=${asked}&variables=${oneUser}`),
    400,
  ],
  ['variables twice in a GET', get(`query=${asked}&variables=%7B%7D&variables=${oneUser}`), 400],
  [
    'a parameter twice in a GET, both empty',
    get('query=%7B__typename%7D&operationName=&operationName='),
    400,
  ],
  [
    'a key twice in the variables of a GET',
    get(`query=${asked}&variables=${encodeURIComponent(`{"i":{"userId":"${A}","userId":"${B}"}}`)}`),
    400,
  ],
  [
    'a key twice in the extensions of a GET',
    get('query=%7B__typename%7D&extensions=%7B%22a%22%3A1%2C%22a%22%3A2%7D'),
    400,
  ],
  ['a prototype in a GET', get('query=%7B__typename%7D&__proto__=1'), 400],
  [
    'a parameter behind a semicolon',
    get(`query=${encodeURIComponent('{__typename} #')};query=${asked}`),
    400,
  ],
  ['a parameter behind a hash', get(`query=%7B__typename%7D#&query=${asked}`), 404],
  ['a percent sign that escapes nothing', get('query=%7B__typename%7D&operationName=%zz'), 400],
  ['an escape that is no UTF-8', get(`query=${encodeURIComponent('{__typename} #')}%ff`), 400],
  ['a body behind a GET', get('query=%7B__typename%7D', { body: good }), 400],
  ['a path that has to be resolved', post(good, { target: '/health/../graphql' }), 404],
  ['a path that has to be resolved, escaped', post(good, { target: '/health/%2e%2e/graphql' }), 404],
  ['a path with a backslash', post(good, { target: '/health\\..\\graphql' }), 404],
  [
    'an address of another host with such a path',
    post(good, { target: 'http://localhost/x/../graphql' }),
    404,
  ],
]

describe('what two readers could take for two things is refused, and nothing is done:', () => {
  it.each(TABLE)('%s', async (_name, sent, status) => {
    app.takeCalls()
    const answer = await send(sent)
    expect([answer.status, answer.data]).toEqual([status, undefined])
    expect(answer.code).toMatch(/^[A-Z_]+$/)
    expect(app.takeCalls()).toEqual([])
  })
})

it('what all readers take for the same is done', async () => {
  const cases: readonly Sent[] = [
    post(input(`"user\\u0049d":"${A}"`)),
    post(good, { target: '/graphql?trace=1&trace=2' }),
    post(good, { target: 'http://localhost/graphql' }),
    post(good, { headers: 'Content-Type: application/json; charset="utf-8"\r\n' }),
    get(`query=${asked}&variables=${oneUser}`),
    get(`query=${asked}&variables=${oneUser}`, {
      headers: 'content-type: application/json\r\n',
    }),
  ]
  for (const sent of cases) expect(await send(sent)).toMatchObject({ status: 200, data: expect.anything() })
})
