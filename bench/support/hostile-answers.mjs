// A GenAuth in the process that starts it, with replies as large and as dear as the server reads them. Each
// has a name, the operation that causes it, and the replies of the endpoints.
import { createServer } from 'node:http'

const MAX_BYTES = 1024 * 1024 - 1024
const ID = '65a000000000000000000001'
const ENVELOPE = data => `{"statusCode":200,"message":"","data":${data}}`
const STORED = {
  mfaToken: 'bench-token',
  mfaPhone: null,
  totpMfaEnabled: true,
  applicationMfa: [{ mfaPolicy: 'SMS', status: 1, sort: 0 }],
}

const READ = JSON.stringify({
  query: `{ userMfa(userId: "${ID}") { __typename ... on UserMfa { posture phone email revision factors { code type enabled sort bound } } ... on MfaError { code } } }`,
})
const SET = JSON.stringify({
  query: `mutation { setUserMfaStatus(input: { userId: "${ID}", enable: [EMAIL], reason: "bench" }) { __typename ... on SetUserMfaStatusSuccess { changed changes { code } warnings { code } userMfa { revision factors { code } } } ... on MfaError { code } } }`,
})
const READ_BY_PHONE = JSON.stringify({
  query: `query ($u: [UserRefInput!]!) { usersMfa(users: $u) { __typename ... on UsersMfaSuccess { results { payload { __typename ... on UserMfa { user { id } } } } } } }`,
  variables: {
    u: Array.from({ length: 50 }, (_, n) => ({ userId: `u${n}@example.com`, userIdType: 'EMAIL' })),
  },
})
const ENTITIES = JSON.stringify({
  query:
    'query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on User { mfa { posture } } } }',
  variables: { r: [{ __typename: 'User', id: ID }] },
})

function fill(toItem, bytes = MAX_BYTES) {
  const items = []
  for (let [index, size] = [0, 0]; ; index++) {
    const item = toItem(index)
    size += item.length + 1
    if (size > bytes) return items.join(',')
    items.push(item)
  }
}

const long = 'x'.repeat(MAX_BYTES - 1024)
const state = more => JSON.stringify({ ...STORED, ...more })
const factors = list => `{"mfaToken":"t","applicationMfa":[${list}]}`

/** The content of `get-mfa-status`. */
const STATES = {
  'the same factor again and again': factors(fill(n => `{"mfaPolicy":"SMS","status":1,"sort":${n}}`)),
  'factors that nobody knows': factors(fill(n => `{"mfaPolicy":"F${n}","status":1,"sort":${n}}`)),
  'factors in the wrong order': factors(fill(n => `{"mfaPolicy":"F${n}","status":1,"sort":${-n}}`)),
  'one factor, short': factors(fill(() => '{"mfaPolicy":"","status":0}')),
  'factors of the wrong shape': factors(fill(() => '{}')),
  'numbers for factors': factors(fill(() => '1')),
  'a factor with a name of 1 MB': factors(`{"mfaPolicy":"${long}","status":1,"sort":0}`),
  '64 factors with names of 16 KB': factors(
    Array.from(
      { length: 64 },
      (_, n) => `{"mfaPolicy":"${'x'.repeat(16_000)}${n}","status":1,"sort":${n}}`,
    ).join(','),
  ),
  'a nickname of 1 MB': state({ nickname: long }),
  'a phone of 1 MB': state({ mfaPhone: long }),
  'an address of 1 MB': state({ mfaEmail: `${long}@example.com` }),
  'an address of 1 MB of signs': state({ mfaEmail: '@'.repeat(long.length) }),
  'a token of 1 MB': state({ mfaToken: long }),
  'unicode escapes': `{"mfaToken":"t","nickname":"${'\\u0041'.repeat(170_000)}"}`,
  'keys that nobody knows': `{"mfaToken":"t",${fill(n => `"k${n}":1`)}}`,
  'the same key again and again': `{${fill(() => '"mfaPhone":"1"')}}`,
  'lists in lists': `{"mfaToken":"t","avatar":${'['.repeat(500_000)}${']'.repeat(500_000)}}`,
  'objects in objects': `{"mfaToken":"t","avatar":${'{"a":'.repeat(170_000)}1${'}'.repeat(170_000)}}`,
  'a number of 1 MB': `{"mfaToken":"t","applicationMfa":[{"mfaPolicy":"SMS","status":${'9'.repeat(MAX_BYTES - 1024)}}]}`,
  'a list in place of an object': `[${fill(() => '0')}]`,
}

const user = more => JSON.stringify({ userId: ID, ...more })
/** The content of the other endpoints, each with the operation that calls them. */
const OTHERS = [
  ['bound factors with keys that nobody knows', READ, 'get-user-mfa-info', `{${fill(n => `"k${n}":1`)}}`],
  ['factors of the pool', SET, 'get-global-mfa-settings', `{"enabledFactors":[${fill(() => '"SMS"')}]}`],
  [
    'factors of the pool that are numbers',
    SET,
    'get-global-mfa-settings',
    `{"enabledFactors":[${fill(() => '1')}]}`,
  ],
  [
    'users that nobody asked for',
    READ_BY_PHONE,
    'get-user-batch',
    `[${fill(n => user({ userId: `x${n}`, email: `X${n}@EXAMPLE.COM` }))}]`,
  ],
  [
    'the same user again and again',
    READ_BY_PHONE,
    'get-user-batch',
    `[${fill(() => user({ email: 'U0@EXAMPLE.COM' }))}]`,
  ],
  ['users of the wrong shape', READ_BY_PHONE, 'get-user-batch', `[${fill(() => '{}')}]`],
  ['a user with an address of 1 MB', READ_BY_PHONE, 'get-user-batch', `[${user({ email: long })}]`],
  [
    '50 users with addresses of 20 KB',
    READ_BY_PHONE,
    'get-user-batch',
    `[${Array.from({ length: 50 }, (_, n) => user({ userId: `x${n}`, email: `${'X'.repeat(20_000)}${n}` })).join(',')}]`,
  ],
  [
    'users with identities',
    READ_BY_PHONE,
    'get-user-batch',
    `[${user({ identities: [] }).replace('[]', `[${fill(n => `{"extIdpId":"i","userIdInIdp":"${n}"}`)}]`)}]`,
  ],
]

/** Replies that are not a success. */
const FAILURES = [
  ['a page of 1 MB', READ, 'get-mfa-status', `<html>${long}`],
  ['a failure with a message of 1 MB', READ, 'get-mfa-status', `{"statusCode":500,"message":"${long}"}`],
  [
    'a failure of a set with a message of 1 MB',
    SET,
    'set-mfa-status',
    `{"statusCode":400,"message":"${long}"}`,
  ],
]

const ANSWERS = [
  { name: 'an answer of 300 bytes, read', body: READ, replies: {} },
  { name: 'an answer of 300 bytes, set', body: SET, replies: {} },
  ...Object.entries(STATES).flatMap(([name, data]) => [
    { name: `${name}, read`, body: READ, replies: { 'get-mfa-status': ENVELOPE(data) } },
    { name: `${name}, set`, body: SET, replies: { 'get-mfa-status': ENVELOPE(data) } },
  ]),
  {
    name: 'the same factor again and again, as an entity',
    body: ENTITIES,
    replies: { 'get-mfa-status': ENVELOPE(STATES['the same factor again and again']) },
  },
  ...OTHERS.map(([name, body, endpoint, data]) => ({ name, body, replies: { [endpoint]: ENVELOPE(data) } })),
  ...FAILURES.map(([name, body, endpoint, text]) => ({ name, body, replies: { [endpoint]: text } })),
]

export async function startHostileGenAuth() {
  const token = `e30.${Buffer.from('{"scoped_userpool_id":"pool"}').toString('base64url')}.s`
  const usual = {
    'get-management-token': ENVELOPE(JSON.stringify({ access_token: token, expires_in: 7200 })),
    'get-mfa-status': ENVELOPE(JSON.stringify(STORED)),
    'set-mfa-status': ENVELOPE('{"success":true}'),
    'get-user-mfa-info': ENVELOPE('{"totpStatus":"enabled"}'),
    'get-global-mfa-settings': ENVELOPE('{"enabledFactors":["SMS"]}'),
    'get-user': ENVELOPE(user({})),
    'get-user-batch': ENVELOPE('[]'),
  }
  let replies = {}
  const server = createServer((request, response) => {
    const endpoint = request.url.replace(/^\/api\/v3\//, '').replace(/\?.*/, '')
    request.resume()
    response.setHeader('content-type', 'application/json')
    response.end(replies[endpoint] ?? usual[endpoint])
  })
  server.keepAliveTimeout = 60_000
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    answers: ANSWERS,
    /** An operation with a good reply, while no other reply is chosen. */
    calmBody: READ,
    /** Sets the replies from now on. `null` sets those of a working GenAuth. */
    answerWith(row) {
      replies = row?.replies ?? {}
    },
    close: () => server.closeAllConnections(),
  }
}
