import { GraphQLObjectType, GraphQLSchema, GraphQLString, isObjectType } from 'graphql'
import { describe, expect, it } from 'vitest'
import { createSchema } from '../src/schema/index.ts'
import { guardFields } from '../src/schema/transforms/guard.ts'
import { type Json, startApp } from './support/app.ts'
import { takeErrors } from './support/request-ids.ts'

const ADA = '65a000000000000000000001'
const JSON_POST = { method: 'POST', headers: { 'content-type': 'application/json' } }

/** One document for each field of Query and Mutation, which must all be here. */
const DOCUMENTS: Record<string, string> = {
  'Query.userMfa': `{ userMfa(userId: "${ADA}") { __typename } }`,
  'Query.usersMfa': `{ usersMfa(users: [{ userId: "${ADA}" }]) { __typename } }`,
  'Query.findMfaUsers': '{ findMfaUsers(search: "ada") { __typename } }',
  'Query.mfaCoverage': '{ mfaCoverage { __typename } }',
  'Query.mfaCoverageScans': '{ mfaCoverageScans { __typename } }',
  'Query.mfaPoolPolicy': '{ mfaPoolPolicy { __typename } }',
  'Query._entities': `{ _entities(representations: [{ __typename: "User", id: "${ADA}" }]) { ... on User { mfa { phone } } } }`,
  'Query._service': '{ _service { sdl } }',
  'Query.mfaViewer': '{ mfaViewer { scopes limits { kind } } }',
  'Query.mfaApplications': '{ mfaApplications { ... on MfaApplicationConnection { totalCount } } }',
  'Mutation.setUserMfaStatus': `mutation { setUserMfaStatus(input: { userId: "${ADA}", disable: [SMS] }) { __typename } }`,
  'Mutation.revertMfaChange':
    'mutation { revertMfaChange(input: { changeId: "00000000-0000-4000-8000-000000000000" }) { __typename } }',
  'Mutation.startMfaCoverageScan': 'mutation { startMfaCoverageScan(input: {}) { __typename } }',
  'Mutation.cancelMfaCoverageScan': 'mutation { cancelMfaCoverageScan(input: { id: "x" }) { __typename } }',
  'Mutation.setUsersMfaStatus': `mutation { setUsersMfaStatus(input: { users: [{ userId: "${ADA}" }], disable: [SMS] }) { __typename } }`,
  'Mutation.setMfaPoolPolicy':
    'mutation { setMfaPoolPolicy(input: { enabledFactors: [SMS, OTP, EMAIL] }) { __typename ... on SetMfaPoolPolicySuccess { policy { revision } changes { type } warnings { code } } } }',
  'Mutation.switchMfaApplicationFactors':
    'mutation { switchMfaApplicationFactors(input: { applicationId: "62a500000000000000d15d57", enable: [SMS] }) { __typename ... on SwitchMfaApplicationFactorsSuccess { application { name } enabledFactors warnings { code } } } }',
}
const SCOPES = {
  'no scope': '',
  'another scope': 'openid mfa:readonly',
  read: 'mfa:read',
  write: 'mfa:write',
  report: 'mfa:report',
  policy: 'mfa:policy',
  audit: 'mfa:audit',
} as const
const MAY: Record<string, readonly string[]> = {
  'Query.userMfa': ['read', 'write'],
  'Query.usersMfa': ['read', 'write'],
  'Query.findMfaUsers': ['read', 'write'],
  'Query.mfaPoolPolicy': ['read', 'write'],
  'Query._entities': ['read', 'write'],
  'Query._service': Object.keys(SCOPES),
  'Query.mfaViewer': Object.keys(SCOPES),
  'Query.mfaApplications': ['read', 'write'],
  'Mutation.setUserMfaStatus': ['write'],
  'Mutation.setUsersMfaStatus': ['write'],
  'Mutation.revertMfaChange': ['write'],
  'Query.mfaCoverage': ['report'],
  'Query.mfaCoverageScans': ['report'],
  'Mutation.startMfaCoverageScan': ['report'],
  'Mutation.cancelMfaCoverageScan': ['report'],
  'Mutation.setMfaPoolPolicy': ['policy'],
  'Mutation.switchMfaApplicationFactors': ['policy'],
}

/** The types that show no user, and the fields of Query that lead to them. Each caller may have them. */
const OF_EVERY_CALLER = {
  types: ['_Service', 'MfaViewer', 'MfaLimit'],
  fields: ['_service', 'mfaViewer'],
}

/** The types that are parts of results for more than one scope. The fields of Query and Mutation guard the way to them. */
const OF_ANY_SCOPE =
  /^(Mfa\w*Error|MfaChange|MfaWarning|MfaPageInfo|MfaPoolPolicy|MfaPolicyFactorChange|MfaApplication|(SetMfaPoolPolicy|SwitchMfaApplicationFactors)(Success|Preview))$/
const OF_POLICY = /^(setMfaPoolPolicy|switchMfaApplicationFactors)$/

/** What happened to a user, by whom and why. */
const OF_HISTORIES = /^Mfa(History\w*|Actor)$/

/** What shows many users together, and who asked for it. */
const OF_REPORTS =
  /^(Mfa(Coverage|Population|PostureCount|FactorCount|DepartmentCount)|(Start|Cancel)MfaCoverage)\w*$/

/** The scopes any of which opens a field. */
function scopesOf(type: string, field: string): readonly string[] {
  // Whoever looks a person up must be allowed to read that person.
  if (type === 'MfaCoverageRow' && ['person', 'user'].includes(field)) return ['READ']
  if (OF_HISTORIES.test(type) || (type === 'UserMfa' && field === 'history')) return ['AUDIT']
  if (type === 'MfaChange' && field === 'user') return ['READ']
  // A subscription that names no users is about all of them. `user-mfa-changed.test.ts` has the one that does.
  if (type === 'Subscription') return ['REPORT']
  if (OF_REPORTS.test(type) || /MfaCoverage|mfaCoverage/.test(field)) return ['REPORT']
  if (type === 'Mutation') return OF_POLICY.test(field) ? ['POLICY'] : ['WRITE']
  return OF_ANY_SCOPE.test(type) ? ['READ', 'REPORT', 'POLICY'] : ['READ']
}

// What the published SDL says of scopes must not matter to the guard.
describe.each(['off', 'on'])(
  'with FEDERATION_AUTH_DIRECTIVES=%s the matrix of fields and scopes',
  setting => {
    const env = { FEDERATION_AUTH_DIRECTIVES: setting }
    const schema = createSchema({
      authDirectives:
        setting === 'on' ? { read: 'r', write: 'w', report: 'p', policy: 'q', audit: 'a' } : null,
    })

    it('has every field of Query and Mutation', () => {
      const fields = [schema.getQueryType(), schema.getMutationType()].flatMap(type =>
        Object.keys(type?.getFields() ?? {}).map(name => `${type?.name}.${name}`),
      )
      expect(Object.keys(DOCUMENTS).toSorted()).toEqual(fields.toSorted())
    })

    const rows = Object.entries(DOCUMENTS).flatMap(([field, document]) =>
      Object.entries(SCOPES).map(([name, scope]) => [field, name, scope, document] as const),
    )
    it.each(rows)('%s with %s', async (field, name, scope, document) => {
      await using app = await startApp({ env, claims: { scope } })
      const { status, data, errors } = await app.graphql(document)
      expect(status).toBe(200)
      if (MAY[field]?.includes(name)) {
        expect(errors).toEqual([])
      } else {
        expect(errors).toMatchObject([
          {
            message: `You need the \`mfa:${MAY[field]?.[0]}\` scope.`,
            extensions: { code: 'FORBIDDEN' },
          },
        ])
        expect(data).toBeNull()
        expect(app.takeCalls()).toEqual([])
      }
    })

    it.each(Object.entries(DOCUMENTS))('%s without a token', async (_field, query) => {
      await using app = await startApp({ env, claims: null })
      const { status, headers, text } = await app.fetch('/graphql', {
        ...JSON_POST,
        body: JSON.stringify({ query }),
      })
      expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
      const [error] = takeErrors(headers.get('x-request-id'), text)
      expect(error.extensions).toEqual({ code: 'UNAUTHENTICATED' })
      expect(app.takeCalls()).toEqual([])
    })

    it('holds for every field of every type, by whichever way it is reached', () => {
      const types = Object.values(schema.getTypeMap())
        .filter(isObjectType)
        .filter(type => !type.name.startsWith('__'))
      let count = 0
      for (const type of types) {
        if (OF_EVERY_CALLER.types.includes(type.name)) continue
        for (const field of Object.values(type.getFields())) {
          if (type.name === 'Query' && OF_EVERY_CALLER.fields.includes(field.name)) continue
          const asked: string[] = []
          const context = { may: (scope: string) => void asked.push(scope) }
          const resolve = field.resolve as (...args: Json[]) => unknown
          const scopes = scopesOf(type.name, field.name)
          const named = scopes.map(scope => `\`mfa:${scope.toLowerCase()}\``).join(' or the ')
          expect(() => resolve({}, {}, context, {}), `${type.name}.${field.name}`).toThrow(
            `You need the ${named} scope.`,
          )
          expect(asked).toEqual(scopes)
          count++
        }
      }
      expect(count).toBeGreaterThan(90)
    })

    it('refuses a field that declares nothing to everybody', () => {
      const query = new GraphQLObjectType({
        name: 'Query',
        fields: { forgotten: { type: GraphQLString, resolve: () => 'x' } },
      })
      const guarded = guardFields(new GraphQLSchema({ query }), {
        read: 'r',
        write: 'w',
        report: 'p',
        policy: 'q',
        audit: 'a',
      })
        .getQueryType()
        ?.getFields()['forgotten']
      const resolve = guarded?.resolve as (...args: Json[]) => unknown
      expect(() => resolve({}, {}, { may: () => true }, {})).toThrow('Nobody may have this.')
    })
  },
)

describe('a caller', () => {
  const query = JSON.stringify({ query: '{ __typename }' })

  it.each([
    ['another scheme', (token: string) => `Basic ${token}`],
    ['no scheme', (token: string) => token],
    ['two tokens', (token: string) => `Bearer ${token}, Bearer ${token}`],
    ['a token cut short', (token: string) => `Bearer ${token.slice(0, -4)}`],
    ['a token of a megabyte', () => `Bearer ${'x'.repeat(10_000)}`],
  ])('with %s is refused before the body is read', async (_what, toHeader) => {
    await using app = await startApp({ claims: null })
    const authorization = toHeader(await app.issuer.token({ scope: 'mfa:write' }))
    const headers = { ...JSON_POST.headers, authorization }
    const refused = await app.fetch('/graphql', { ...JSON_POST, headers, body: '{ not even JSON' })
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer error="invalid_token"',
    ])
  })

  it.each([
    ['without an end', { exp: undefined }],
    ['that has ended', { exp: 1_000_000_000 }],
    ['of another issuer', { iss: 'https://elsewhere.example.com' }],
    ['for another audience', { aud: 'another-api' }],
    ['of nobody', { sub: undefined }],
  ])('with a token %s is refused', async (_what, claims) => {
    await using app = await startApp({ claims })
    expect((await app.fetch('/graphql', { ...JSON_POST, body: query })).status).toBe(401)
  })

  it('in the query string or a cookie is nobody', async () => {
    await using app = await startApp({ claims: null })
    const token = await app.issuer.token({ scope: 'mfa:write' })
    const path = `/graphql?access_token=${token}&query=${encodeURIComponent('{ __typename }')}`
    expect((await app.fetch(path, { headers: { cookie: `access_token=${token}` } })).status).toBe(401)
    const headers = { ...JSON_POST.headers, 'x-user-id': 'admin', 'x-scopes': 'mfa:write' }
    expect((await app.fetch('/graphql', { ...JSON_POST, headers, body: query })).status).toBe(401)
  })

  it('is answered 503 where nobody can say whether the token is good', async () => {
    await using app = await startApp({ issuerFault: 'DOWN' })
    const { status, text, headers } = await app.fetch('/graphql', { ...JSON_POST, body: query })
    expect([status, JSON.parse(text).errors[0].extensions.code]).toEqual([503, 'AUTHENTICATION_UNAVAILABLE'])
    expect(headers.get('retry-after')).toBeNull()
  })

  it('whose key the issuer has withdrawn is refused when the keys are read again, as on SIGHUP', async () => {
    await using app = await startApp()
    const asked = () => app.fetch('/graphql', { ...JSON_POST, body: query })
    expect((await asked()).status).toBe(200)
    app.issuer.rotate({ keepOld: false })
    expect((await asked()).status).toBe(200)
    await app.rereadSecrets()
    expect((await asked()).status).toBe(401)
    const authorization = `Bearer ${await app.issuer.token()}`
    const headers = { ...JSON_POST.headers, authorization }
    expect((await app.fetch('/graphql', { ...JSON_POST, headers, body: query })).status).toBe(200)
    expect(app.log.map(line => line.msg)).toContain('keys of the issuer read again')
  })

  it('may use other names for the scopes', async () => {
    const env = { AUTH_READ_SCOPE: 'support:look', AUTH_WRITE_SCOPE: 'support:act' }
    await using app = await startApp({ env, claims: { scope: 'support:act' } })
    expect((await app.graphql(DOCUMENTS['Mutation.setUserMfaStatus'] ?? '')).errors).toEqual([])
  })
})
