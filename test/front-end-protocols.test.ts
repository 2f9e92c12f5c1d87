import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  getNullableType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CORS_REQUEST_HEADERS, CORS_RESPONSE_HEADERS } from '../src/http/cross-origin.ts'
import { startSandbox } from '../src/sandbox/sandbox.ts'
import { createSchema } from '../src/schema/index.ts'
import { type Json, startApp, type TestApp } from './support/app.ts'
import { takeErrors } from './support/request-ids.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const QUERY = '{ __typename }'
const HASH = createHash('sha256').update(QUERY).digest('hex')

let app: TestApp
beforeAll(async () => {
  app = await startApp({ env: { CORS_ORIGINS: 'https://console.example.com' } })
})
afterAll(() => app[Symbol.asyncDispose]())

async function post(body: unknown, headers: Record<string, string> = {}, to = app) {
  const response = await to.fetch('/graphql', {
    method: 'POST',
    headers: { ...JSON_TYPE, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const { status, text } = response
  const { data } = JSON.parse(text)
  return { status, data, errors: takeErrors(response.headers.get('x-request-id'), text) }
}

describe("Apollo's automatic persisted queries", () => {
  const extensions = { persistedQuery: { version: 1, sha256Hash: HASH } }
  const search = new URLSearchParams({ extensions: JSON.stringify(extensions) })

  it('are declined in the words that clients know, so that they send the text', async () => {
    const declined = {
      message: 'PersistedQueryNotSupported',
      extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' },
    }
    expect(await post({ extensions })).toMatchObject({ status: 200, errors: [declined] })
    const got = await app.fetch(`/graphql?${search}`)
    expect([got.status, JSON.parse(got.text).errors[0]]).toMatchObject([200, declined])
    expect(await post({ query: QUERY, extensions })).toMatchObject({
      status: 200,
      data: { __typename: 'Query' },
    })
  })

  it.each([
    { query: '', extensions },
    { query: null, documentId: '', operationName: '', variables: null, extensions },
    { query: '', extensions: { persistedQuery: { ...extensions.persistedQuery, miss: true } } },
  ])('are declined, too, beside an empty text: %j', async body => {
    expect((await post(body)).errors[0].extensions.code).toBe('PERSISTED_QUERY_NOT_SUPPORTED')
    expect((await post({ ...body, query: QUERY })).data).toEqual({ __typename: 'Query' })
  })

  it('name a trusted document where there are some, and are declined for any other', async () => {
    await using prefer = await startApp({ env: { TRUSTED_DOCUMENTS: 'prefer' } })
    expect((await post({ extensions }, {}, prefer)).errors[0].extensions.code).toBe(
      'PERSISTED_QUERY_NOT_SUPPORTED',
    )
    await using only = await startApp({ env: { TRUSTED_DOCUMENTS: 'only' } })
    expect((await post({ extensions }, {}, only)).errors[0].extensions.code).toBe('DOCUMENT_NOT_TRUSTED')
    expect((await post({ documentId: HASH }, {}, only)).errors[0].extensions.code).toBe('DOCUMENT_ID_UNKNOWN')
  })
})

describe('what clients send', () => {
  it.each([
    'application/json',
    'application/json;',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'application/json; charset=utf8',
    'application/json; odata=verbose; charset=utf-8',
    'Application/JSON ; q=1',
    'application/json; charset=utf-8; charset=UTF-8',
    'application/json; profile="charset=utf-16"; charset=utf-8',
  ])('is JSON under the content type %s', async contentType => {
    const { status, data } = await post({ query: QUERY }, { 'content-type': contentType })
    expect([status, data]).toEqual([200, { __typename: 'Query' }])
  })

  it.each([
    'application/jsonp',
    'application/json; charset=latin1',
    'application/json; charset=utf-16',
    'application/json; charset=utf-8; charset=utf-16',
    'application/json; charset="utf-16"; charset=utf-8',
    'text/plain',
    'application/graphql',
    'multipart/form-data; boundary=application/json',
    'json',
    '',
  ])('is refused under the content type %j', async contentType => {
    const { status, errors } = await post({ query: QUERY }, { 'content-type': contentType })
    expect([status, errors[0].extensions.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE'])
  })

  it('may be an empty operation name, which counts as none', async () => {
    expect((await post({ query: QUERY, operationName: '' })).data).toEqual({ __typename: 'Query' })
    expect(
      (await app.fetch(`/graphql?${new URLSearchParams({ query: QUERY, operationName: '' })}`)).status,
    ).toBe(200)
  })

  it('may ask for __typename at the root of a mutation, as documents of code generators do', async () => {
    const query = `mutation { __typename setUserMfaStatus(input: { userId: "ada", userIdType: USERNAME, enable: [OTP] }) { __typename } }`
    expect((await post({ query })).data).toEqual({
      __typename: 'Mutation',
      setUserMfaStatus: { __typename: 'SetUserMfaStatusSuccess' },
    })
  })

  it('is told that a batch is not supported', async () => {
    const { status, errors } = await post([{ query: QUERY }, { query: QUERY }])
    expect([status, errors[0].message]).toEqual([
      400,
      'Batches are not supported: send one operation in each request.',
    ])
  })
})

describe('a value that an enum does not have', () => {
  const inVariable = 'query ($t: UserIdType!) { userMfa(userId: "u", userIdType: $t) { __typename } }'
  const inList = 'mutation ($i: SetUserMfaStatusInput!) { setUserMfaStatus(input: $i) { __typename } }'
  const inLiteral = '{ userMfa(userId: "u", userIdType: EMIAL) { __typename } }'
  const TYPES = 'one of CUSTOM_FIELD, EMAIL, EXTERNAL_ID, IDENTITY, PHONE, SYNC_RELATION, USERNAME, USER_ID.'
  const FACTORS = 'one of EMAIL, FACE, OTP, SMS.'

  it.each([
    [
      'a variable',
      { query: inVariable, variables: { t: 'EMIAL' } },
      'Variable "$t" is not valid at "t": expected a value of type "UserIdType!"',
      TYPES,
    ],
    [
      'a list within a variable',
      { query: inList, variables: { i: { userId: 'u', enable: ['SMS', 'EMIAL'] } } },
      'Variable "$i" is not valid at "i.enable.1": expected a value of type "MfaFactorType!"',
      FACTORS,
    ],
    ['a literal', { query: inLiteral }, 'Expected a value of type "UserIdType!"', TYPES],
  ])('in %s is answered with those it has, unless the schema is not published', async (...row) => {
    const [, body, told, values] = row
    expect((await post(body)).errors.map(({ message }: Json) => message)).toEqual([`${told}: ${values}`])
    await using closed = await startApp({ env: { INTROSPECTION: 'off' } })
    expect((await post(body, {}, closed)).errors.map(({ message }: Json) => message)).toEqual([`${told}.`])
  })
})

/** Everything that takes a value and has a default: there a variable may be null though the place may not. */
interface Place {
  readonly name: string
  readonly document: string
}

const FILLERS: Readonly<Record<string, string>> = { String: '"x"', ID: '"x"', Boolean: 'true', Int: '1' }

function fill(type: GraphQLInputType): string {
  const bare = getNullableType(type)
  if (isListType(bare)) return `[${fill(bare.ofType)}]`
  if (!isInputObjectType(bare)) return FILLERS[`${bare}`] ?? firstValue(`${bare}`)
  const fields = Object.values(bare.getFields()).filter(isNeeded)
  return `{ ${fields.map(({ name, type: inner }) => `${name}: ${fill(inner)}`).join(', ')} }`
}

const firstValue = (name: string) => {
  const type = schema.getType(name)
  return type !== undefined && 'getValues' in type ? (type.getValues()[0]?.name ?? '') : ''
}
const isNeeded = ({ type, defaultValue }: GraphQLInputField | GraphQLArgument) =>
  isNonNullType(type) && defaultValue === undefined

const schema = createSchema()

/** The literal of a type in which the given field of an input object, at whatever depth, is the variable. */
function* placesIn(
  type: GraphQLInputType,
  path: string,
): Generator<{ path: string; literal: string; inner: string }> {
  const bare = getNullableType(type)
  if (isListType(bare)) {
    for (const place of placesIn(bare.ofType, `${path}[0]`)) yield { ...place, literal: `[${place.literal}]` }
  }
  if (!isInputObjectType(bare)) return
  const needed = Object.values(bare.getFields()).filter(isNeeded)
  for (const field of Object.values(bare.getFields())) {
    const others = needed.filter(other => other !== field).map(({ name, type: of }) => `${name}: ${fill(of)}`)
    const literalWith = (value: string) => `{ ${[...others, `${field.name}: ${value}`].join(', ')} }`
    const inner = `${path}.${field.name}`
    if (isNonNullType(field.type) && field.defaultValue !== undefined) {
      yield { path: inner, literal: literalWith('$v'), inner: `${getNullableType(field.type)}` }
    }
    for (const place of placesIn(field.type, inner)) yield { ...place, literal: literalWith(place.literal) }
  }
}

function findPlaces(): Place[] {
  return [schema.getQueryType(), schema.getMutationType()].flatMap(root => {
    const kind = root === schema.getMutationType() ? 'mutation' : 'query'
    return Object.values(root?.getFields() ?? {}).flatMap(field => {
      const selection = field.name === '_service' ? '{ sdl }' : '{ __typename }'
      const call = (given: GraphQLArgument, value: string) => {
        const others = field.args
          .filter(arg => arg !== given && isNeeded(arg))
          .map(arg => `${arg.name}: ${fill(arg.type)}`)
        return `${field.name}(${[...others, `${given.name}: ${value}`].join(', ')}) ${selection}`
      }
      return field.args.flatMap(arg => {
        const own: Place[] =
          isNonNullType(arg.type) && arg.defaultValue !== undefined
            ? [
                {
                  name: `${field.name}.${arg.name}`,
                  document: `${kind}($v: ${getNullableType(arg.type)}) { ${call(arg, '$v')} }`,
                },
              ]
            : []
        const inner = [...placesIn(arg.type, `${field.name}.${arg.name}`)].map(
          ({ path, literal, inner: type }) => ({
            name: path,
            document: `${kind}($v: ${type}) { ${call(arg, literal)} }`,
          }),
        )
        return [...own, ...inner]
      })
    })
  })
}

describe('a variable that is null where only a value will do', () => {
  const places = findPlaces()

  it('can stand in many places of the schema', () => {
    expect(places.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'userMfa.userIdType',
        'usersMfa.users[0].userIdType',
        'setUserMfaStatus.input.dryRun',
        'setUserMfaStatus.input.factors[0].enabled',
        'setUsersMfaStatus.input.users[0].userIdType',
      ]),
    )
  })

  it.each(places)("is the caller's fault: $name", async ({ document }) => {
    app.takeCalls()
    const { status, data, errors } = await post({ query: document, variables: { v: null } })
    expect([status, data, errors]).toEqual([
      200,
      null,
      [
        {
          message: 'An argument here is not valid: a variable is null, or left out, where a value is needed.',
          locations: expect.any(Array),
          path: [expect.any(String)],
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ],
    ])
    expect(app.takeCalls()).toEqual([])
    expect(app.log.filter(({ level }) => level === 'error')).toEqual([])
  })

  it.each(['skip', 'include'])("is the caller's fault in @%s, too", async directive => {
    const query = `query($v: Boolean = true) { __typename @${directive}(if: $v) }`
    const { errors } = await post({ query, variables: { v: null } })
    expect(errors[0].extensions.code).toBe('BAD_USER_INPUT')
    expect(app.log.filter(({ level }) => level === 'error')).toEqual([])
  })

  it.each([
    ['a field', '... on SetUserMfaStatusSuccess { userMfa { factors { code @skip(if: $v) } } }', ''],
    [
      'an inline fragment',
      '... on SetUserMfaStatusSuccess { userMfa { ... @include(if: $v) { posture } } }',
      '',
    ],
    [
      'a fragment',
      '...A',
      'fragment A on SetUserMfaStatusSuccess { userMfa { ...B @skip(if: $v) } } fragment B on UserMfa { posture }',
    ],
  ])('is found in %s below a mutation before anything is written', async (_kind, below, fragments) => {
    app.takeCalls()
    const set = 'setUserMfaStatus(input: { userId: "u", enable: [FACE] })'
    const query = `mutation ($v: Boolean = true) { ${set} { __typename ${below} } } ${fragments}`
    const { errors } = await post({ query, variables: { v: null } })
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(
          /^Variable "\$v" is not valid at "v": @(skip|include) needs true or false, and not null\.$/,
        ),
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ])
    expect(app.takeCalls()).toEqual([])
  })

  it('is no fault in what another condition leaves out', async () => {
    const query =
      'query ($v: Boolean = true, $no: Boolean!) { ... @include(if: $no) { __typename @skip(if: $v) } a: __typename @include(if: true) }'
    expect(await post({ query, variables: { v: null, no: false } })).toMatchObject({ data: { a: 'Query' } })
  })
})

describe('pages of other origins', () => {
  const preflight = (origin: string, path = '/graphql', to = app) =>
    fetch(`${to.url}${path}`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    })

  it.each(['/graphql', '/schema.graphql'])(
    'may send to %s each header that is documented or that clients always send',
    async path => {
      const { status, headers } = await preflight('https://console.example.com', path)
      expect(status).toBe(204)
      const allowed = headers.get('access-control-allow-headers')?.split(', ')
      expect(allowed).toEqual(expect.arrayContaining(['apollographql-client-name', 'x-request-deadline-ms']))
      const documented = /^Request headers .*?: (.*)\.$/m.exec(readFileSync('docs/clients.md', 'utf8'))?.[1]
      expect(documented?.match(/[\w-]+(?=`)/g)).toEqual([...CORS_REQUEST_HEADERS])
      expect(allowed).toEqual([...CORS_REQUEST_HEADERS])
    },
  )

  it('may read each response header that is documented', async () => {
    const { headers } = await fetch(`${app.url}/health`, {
      headers: { origin: 'https://console.example.com' },
    })
    const exposed = headers.get('access-control-expose-headers')?.split(', ')
    const documented = /^Response headers .*?: (.*)\.$/m.exec(readFileSync('docs/clients.md', 'utf8'))?.[1]
    expect(documented?.match(/[\w-]+(?=`)/g)).toEqual([...CORS_RESPONSE_HEADERS])
    expect(exposed).toEqual([...CORS_RESPONSE_HEADERS])
  })

  it('are told when their origin is not listed, and the log names it at debug', async () => {
    const refused = await preflight('https://evil.example')
    expect(refused.status).toBe(403)
    expect(takeErrors(refused.headers.get('x-request-id'), await refused.text())).toEqual([
      { message: "The page's origin is not in CORS_ORIGINS.", extensions: { code: 'ORIGIN_NOT_ALLOWED' } },
    ])
    expect(app.log).toContainEqual(
      expect.objectContaining({ level: 'debug', origin: 'https://evil.example' }),
    )
    const withoutToken = (origin: string) =>
      fetch(`${app.url}/graphql`, { method: 'POST', headers: { ...JSON_TYPE, origin }, body: '{}' })
    const foreign = await (await withoutToken('https://evil.example')).json()
    expect(foreign.errors[0].message).toBe("Send a bearer token. The page's origin is not in CORS_ORIGINS.")
    for (const origin of ['https://console.example.com', app.url]) {
      expect((await (await withoutToken(origin)).json()).errors[0].message).toBe('Send a bearer token.')
    }
  })

  it("may read the sandbox's tokens where they are of this machine, and nobody else's pages may", async () => {
    await using sandbox = await startSandbox({ port: 0 })
    const allowed = async (origin: string) =>
      (await fetch(`${sandbox.url}/sandbox/tokens`, { headers: { origin } })).headers.get(
        'access-control-allow-origin',
      )
    expect(await allowed('http://localhost:3000')).toBe('http://localhost:3000')
    expect(await allowed('http://127.0.0.1:5173')).toBe('http://127.0.0.1:5173')
    expect(await allowed('https://evil.example')).toBeNull()
    expect(await allowed('http://localhost.evil.example')).toBeNull()
  })
})
