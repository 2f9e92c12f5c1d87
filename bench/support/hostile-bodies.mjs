// Bodies of at most 64 KB that cost a server as much as they can. Each has a name, a type, and the settings
// under which it is dearest.
import { Buffer } from 'node:buffer'

const MAX_BYTES = 64 * 1024
/** The room for the frame around the repeated part. */
const FRAME_BYTES = 1024
const SET = 'mutation ($i: SetUserMfaStatusInput!) { setUserMfaStatus(input: $i) { __typename } }'
const READ = 'query ($u: [UserRefInput!]!) { usersMfa(users: $u) { __typename } }'
const IN_USER = selection =>
  `{ userMfa(userId: "65a000000000000000000001") { ... on UserMfa { user { ${selection} } } } }`

/** Repeats items until a body is full or a limit of the server is reached. */
function fill(
  toItem,
  { separator = '', most = Number.POSITIVE_INFINITY, bytes = MAX_BYTES - FRAME_BYTES } = {},
) {
  const items = []
  for (let [index, size] = [0, 0]; index < most; index++) {
    const item = toItem(index)
    // The size of the item in the JSON of the body.
    size += JSON.stringify(item).length - 2 + separator.length
    if (size > bytes) break
    items.push(item)
  }
  return items.join(separator)
}

/** Differs in each body that is sent, so that no server has prepared its document before. */
export const SERIAL = '000000000'

const document = (query, more = {}) => JSON.stringify({ query: `${query}#${SERIAL}`, ...more })
const variables = (query, json) => `{"query":${JSON.stringify(query)},"variables":${json}}`
const times = (count, toItem, separator = ' ') =>
  Array.from({ length: count }, (_, n) => toItem(n)).join(separator)

const VARIABLES = {
  'unknown fields of an input': variables(SET, `{"i":{${fill(n => `"f${n}":1`, { separator: ',' })}}}`),
  'unknown fields, one in each of many inputs': variables(
    READ,
    `{"u":[${fill(n => `{"userId":"u","f${n}":1}`, { separator: ',' })}]}`,
  ),
  'unknown fields with long names': variables(
    SET,
    `{"i":{${fill(n => `"${'f'.repeat(200)}${n}":1`, { separator: ',' })}}}`,
  ),
  'an object for a string': variables(
    READ,
    `{"u":[{"userId":{${fill(n => `"f${n}":1`, { separator: ',' })}}}]}`,
  ),
  'objects for strings': variables(READ, `{"u":[${fill(() => '{"userId":{"a":[]}}', { separator: ',' })}]}`),
  'a long list of factors': variables(
    SET,
    `{"i":{"userId":"u","factors":[${fill(() => '{"type":"SMS"}', { separator: ',' })}]}}`,
  ),
  'a long list of enum values': variables(
    SET,
    `{"i":{"userId":"u","enable":[${fill(() => '"SMS"', { separator: ',' })}]}}`,
  ),
  'a long list of wrong values': variables(
    SET,
    `{"i":{"userId":"u","enable":[${fill(() => '1', { separator: ',' })}]}}`,
  ),
  'a long list of users': variables(READ, `{"u":[${fill(() => '{"userId":"u"}', { separator: ',' })}]}`),
  'variables that nobody declares': variables(
    '{ __typename }',
    `{${fill(n => `"v${n}":1`, { separator: ',' })}}`,
  ),
  'a number of 60,000 digits': variables(
    SET,
    `{"i":{"userId":"u","factors":[{"type":"SMS","sort":${'9'.repeat(60_000)}}]}}`,
  ),
  'a reason of 60,000 characters': variables(
    SET,
    `{"i":{"userId":"u","enable":["SMS"],"reason":"${'r'.repeat(60_000)}"}}`,
  ),
  'an identifier of 60,000 blanks': variables(READ, `{"u":[{"userId":"${' '.repeat(60_000)}"}]}`),
  'an identifier of 60,000 colons': variables(
    READ,
    `{"u":[{"userId":"${':'.repeat(60_000)}","userIdType":"IDENTITY"}]}`,
  ),
  'representations of one user': variables(
    'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }',
    `{"r":[${fill(() => '{"__typename":"User","id":"u"}', { separator: ',' })}]}`,
  ),
  'representations, in ten root fields': variables(
    `query ($r: [_Any!]!) { ${times(10, n => `a${n}: _entities(representations: $r) { __typename }`)} }`,
    `{"r":[${fill(n => `{"__typename":"User","id":"u","x":"${'x'.repeat(200)}${n % 40}"}`, { separator: ',', most: 250 })}]}`,
  ),
}

const JSON_TEXTS = {
  'blanks before a list': `${' '.repeat(32_000)}[${fill(() => '""', { separator: ',', bytes: 30_000 })}]`,
  'blanks before an object': `${' '.repeat(32_000)}{${fill(n => `"${n}":1`, { separator: ',', bytes: 30_000 })}}`,
  'blanks behind keys': `{${fill(n => `"${n}"${' '.repeat(100)}:1`, { separator: ',' })}}`,
  backslashes: `{"query":"${'\\\\'.repeat(31_000)}"}`,
  'lists in lists': `${'['.repeat(32_000)}${']'.repeat(32_000)}`,
  'many keys': `{${fill(n => `"${n}":1`, { separator: ',' })}}`,
  'the same key again and again': `{${fill(() => '"a":1', { separator: ',' })}}`,
  'unicode escapes': `{"query":"${'\\u0061'.repeat(10_000)}"}`,
  'a name of 60,000 characters for an operation': document('{ __typename }', {
    operationName: 'a'.repeat(60_000),
  }),
  'extensions that mean nothing': `{"query":"{ __typename }","extensions":{${fill(n => `"e${n}":[]`, { separator: ',' })}}}`,
}

const manyErrors = times(240, n => `nope${n}(a: 1)`)
const DOCUMENTS = {
  'unknown fields': document(IN_USER(fill(n => `f${n}`, { separator: ' ', most: 900 }))),
  'unknown fields with names of 64 characters': document(
    IN_USER(fill(n => `${'f'.repeat(60)}${n}`, { separator: ' ', most: 900 })),
  ),
  'unknown fields with names of 5,000 characters': document(
    IN_USER(fill(n => `${'f'.repeat(5_000)}${n}`, { separator: ' ' })),
  ),
  'long names under one alias': document(
    IN_USER(fill(n => `a: ${'f'.repeat(4_000)}${n}`, { separator: ' ', most: 15 })),
  ),
  'an unknown field with a name of 60,000 characters': document(IN_USER('f'.repeat(60_000))),
  'line ends before many faults': document(`{${'\n'.repeat(26_000)} ${IN_USER(manyErrors).slice(1)}`),
  'line ends between faults': document(IN_USER(fill(n => `${'\n'.repeat(100)}f${n}`, { most: 250 }))),
  'line ends before a conflict of many fields': document(
    `{${'\n'.repeat(26_000)} ${IN_USER(times(200, n => (n % 2 ? 'id: __typename' : 'id'))).slice(1)}`,
  ),
  'line ends before fragments in circles': document(
    `{ ...F0 }${'\n'.repeat(25_000)}${times(20, n => `fragment F${n} on Query { ${times(20, m => `...F${m}`)} }`)}`,
  ),
  comments: document(`${fill(() => '#\n', { bytes: 60_000 })}{ __typename }`),
  commas: document(`${','.repeat(60_000)}{ __typename }`),
  'byte order marks': document(`${'\ufeff'.repeat(20_000)}{ __typename }`),
  'a block string of 20,000 lines': document(
    `{ userMfa(userId: """${'\n a'.repeat(15_000)}""") { __typename } }`,
  ),
  'a block string of escaped ends': document(
    `{ userMfa(userId: """${'\\"""'.repeat(8_000)}""") { __typename } }`,
  ),
  'a string of unicode escapes': document(`{ userMfa(userId: "${'\\u0041'.repeat(7_000)}") { __typename } }`),
  'a number of 60,000 digits in the document': document(
    `{ userMfa(userId: ${'9'.repeat(60_000)}) { __typename } }`,
  ),
  'a syntax error behind 30,000 line ends': document(`{${'\n'.repeat(30_000)}}`),
  'a character that is none behind 30,000 line ends': document(`{${'\n'.repeat(30_000)}\u0000`),
  'the same leaf 930 times': document(IN_USER(times(930, () => 'id'))),
  'a hundred of each of seven leaves': document(
    IN_USER(
      `mfa { ${times(50, () => '__typename revision posture phone email totpMfaEnabled faceMfaEnabled')} }`,
    ),
  ),
  'the same object 240 times': document(IN_USER(times(240, () => 'mfa { revision }').replace(/$/, ''))),
  'the same objects in one another': document(
    IN_USER(times(55, () => 'mfa { user { mfa { user { mfa { revision } } } } }')),
  ),
  'inline fragments, each with the same leaf': document(IN_USER(times(180, () => '... on User { id }'))),
  'fragments, each with the same leaves': document(
    `${IN_USER(times(15, n => `...F${n}`))} ${times(15, n => `fragment F${n} on User { ${times(50, () => 'id')} }`)}`,
  ),
  'fragments that spread all others': document(
    `{ ...F0 } ${times(20, n => `fragment F${n} on Query { ${times(20, m => `...F${m}`)} }`)}`,
  ),
  'fragments in one long chain': document(
    `{ ...F0 } ${times(105, n => `fragment F${n} on Query { ...F${n + 1} }`)} fragment F105 on Query { __typename }`,
  ),
  'fragments in a chain that double': document(
    `${IN_USER('...F0')} ${times(30, n => `fragment F${n} on User { mfa { user { ...F${n + 1} } } mfa { user { ...F${n + 1} } } }`)} fragment F30 on User { id }`,
  ),
  'fragments with variables, used by many operations': document(
    `${times(60, n => `query Q${n} { ...F0 }`)} ${times(60, n => `fragment F${n} on Query { ...F${(n + 1) % 60} }`)}`,
  ),
  'many operations': document(
    times(190, n => `query Q${n} { a }`),
    { operationName: 'Q1' },
  ),
  'many operations with one name': document(
    times(190, () => 'query Q { a }'),
    { operationName: 'Q' },
  ),
  'many variables': document(`query (${times(240, n => `$v${n}: Int`)}) { __typename }`),
  'many variables with one name': document(`query (${times(240, () => '$v: Int')}) { __typename }`),
  'variables of unknown types': document(
    `query (${times(240, n => `$v${n}: UserRefInpu${n}`)}) { __typename }`,
  ),
  'unknown arguments': document(`{ userMfa(${times(300, n => `userI${n}: 1`)}) { __typename } }`),
  'arguments with one name': document(`{ userMfa(${times(300, () => 'userId: "u"')}) { __typename } }`),
  'unknown fields of an input in the document': document(
    `mutation { setUserMfaStatus(input: { ${times(300, n => `userI${n}: 1`)} }) { __typename } }`,
  ),
  'an input in the document, again and again': document(
    `{ usersMfa(users: [${times(190, n => `{ userI${n}: 1 }`)}]) { __typename } }`,
  ),
  'unknown enum values': document(
    `mutation { setUserMfaStatus(input: { userId: "u", enable: [${times(900, n => `SM${n}`)}] }) { __typename } }`,
  ),
  'unknown directives': document(
    `{ __typename ${times(5, n => `@ski${n}(${times(48, m => `i${m}: 1`)})`)} }`,
  ),
  'unknown types in fragments': document(times(120, n => `fragment F${n} on UserMf${n} { id }`)),
  'lists in the document': document(`query ($x: Int = ${'['.repeat(480)}${']'.repeat(480)}) { __typename }`),
  'leaves with selections': document(IN_USER(times(240, () => 'id { id }'))),
  'objects without selections': document(IN_USER(times(900, () => 'mfa'))),
}

const TRUSTED = {
  'tokens that nobody counts': document('a '.repeat(31_000)),
  'braces that nobody counts': document('{'.repeat(62_000)),
  'strings that nobody counts': document('"" '.repeat(12_000)),
  'block strings that nobody counts': document(fill(() => '"""\n a\n"""')),
  'comments that nobody counts': document(fill(() => '#\n')),
}

/** Fields of the schema's own description lead from one to many again. */
const introspect = selection => `types { fields { args { name } type { ${selection} } } }`
const INTROSPECTION = {
  'introspection, in ten root fields': document(
    `{ ${times(10, n => `a${n}: __schema { ${introspect('fields { name description type { name description } }')} }`)} }`,
  ),
  'introspection by name, in ten root fields': document(
    `{ ${times(10, n => `a${n}: __type(name: "MfaError") { possibleTypes { fields { name description type { ofType { name description } } } } }`)} }`,
  ),
}

const withSettings = (bodies, env) =>
  Object.entries(bodies).map(([name, body]) => {
    if (Buffer.byteLength(body) > MAX_BYTES) throw new Error(`${name}: more than 64 KB`)
    return { name, body, env }
  })

/** All hostile bodies, and one that is not hostile, for comparison. */
export const BODIES = [
  ...withSettings({ 'a query for one name': document('{ __typename }') }, 'plain'),
  ...withSettings({ ...VARIABLES, ...JSON_TEXTS, ...DOCUMENTS }, 'plain'),
  ...withSettings(TRUSTED, 'trusted'),
  ...withSettings(INTROSPECTION, 'open'),
]

/** The settings by their name. */
export const SETTINGS = {
  plain: {},
  trusted: { TRUSTED_DOCUMENTS: 'only' },
  open: { INTROSPECTION: 'on' },
}
