import { composeServices as composeApollo } from '@apollo/composition'
import { composeServices as composeHive } from '@theguild/federation-composition'
import { federateSubgraphs, LATEST_ROUTER_COMPATIBILITY_VERSION } from '@wundergraph/composition'
import {
  buildASTSchema,
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  Kind,
  parse,
  print,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { createSchema, printPublishedSdl } from '../src/schema/index.ts'

interface Subgraph {
  readonly name: string
  readonly url: string
  readonly typeDefs: DocumentNode
}

/** What a library says of two subgraphs: whether they compose, what it complains of, the supergraph. */
interface Composed {
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
  readonly supergraph: string
  /** The fields that have a cost or a list size. */
  readonly costs: readonly string[]
}

/** The subgraph that owns `User`, with the names that a supergraph is likely to have already. */
const NEIGHBOUR = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
  type Query { users(first: Int, sort: SortOrder): UserPage!  rateLimit: RateLimit! }
  type User @key(fields: "id") { id: ID!  name: String!  factor: FactorType  posture: Posture  deleted: Error }
  type UserPage { nodes: [User!]!  pageInfo: PageInfo! }
  interface Error { message: String!  severity: Int! }
  type UserDeleted implements Error { message: String!  severity: Int!  at: String! }
  type PageInfo @shareable { hasNextPage: Boolean!  endCursor: String }
  type RateLimit { limit: Int!  remaining: Int! }
  enum FactorType { PASSWORD FINGERPRINT }
  enum Posture { SITTING STANDING }
  enum SortOrder { NEWEST OLDEST }
`
const MORE_NEIGHBOURS = {
  'an enum UserIdType that goes out': 'type Badge { kind: UserIdType! } enum UserIdType { STAFF GUEST }',
  'an input UserRefInput':
    'extend type Query { find(user: UserRefInput): User } input UserRefInput { email: String! }',
}
const LIBRARIES = {
  '@apollo/composition': withApollo,
  '@theguild/federation-composition': withHive,
  '@wundergraph/composition': withCosmo,
}
const AUTH = {
  authDirectives: {
    read: 'mfa:read',
    write: 'mfa:write',
    report: 'mfa:report',
    policy: 'mfa:policy',
    audit: 'mfa:audit',
  },
}

function withApollo(subgraphs: Subgraph[]): Composed {
  const { errors = [], hints = [], supergraphSdl = '' } = composeApollo(subgraphs)
  return { errors: errors.map(toMessage), warnings: hints.map(hint => `${hint}`), ...inSdl(supergraphSdl) }
}

function withHive(subgraphs: Subgraph[]): Composed {
  const { errors = [], supergraphSdl = '' } = composeHive(subgraphs)
  return { errors: errors.map(toMessage), warnings: [], ...inSdl(supergraphSdl) }
}

function withCosmo(subgraphs: Subgraph[]): Composed {
  const result = federateSubgraphs({
    subgraphs: subgraphs.map(({ typeDefs, ...rest }) => ({ ...rest, definitions: typeDefs })),
    version: LATEST_ROUTER_COMPATIBILITY_VERSION,
  })
  return {
    errors: result.success ? [] : result.errors.map(toMessage),
    warnings: result.warnings.map(toMessage),
    supergraph: result.success ? print(result.federatedGraphAST) : '',
    // Part of the router's configuration, not of the SDL.
    costs: result.success
      ? [...result.subgraphConfigBySubgraphName.values()].flatMap(({ costs }) => [
          ...(costs?.fieldWeights.keys() ?? []),
          ...(costs?.listSizes.keys() ?? []),
        ])
      : [],
  }
}

function inSdl(supergraph: string): Pick<Composed, 'supergraph' | 'costs'> {
  const costs = [...directives(supergraph, 'cost'), ...directives(supergraph, 'listSize')]
  return { supergraph, costs }
}

/** Where a supergraph has a directive, by coordinate. */
function directives(supergraph: string, name: string): string[] {
  if (supergraph === '') return []
  return parse(supergraph).definitions.flatMap(definition => {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) return []
    const type = definition.name.value
    const has = (node: { readonly directives?: readonly ConstDirectiveNode[] }) =>
      node.directives?.some(directive => directive.name.value === name) ?? false
    const fields = (definition.fields ?? []).filter(has).map(field => `${type}.${field.name.value}`)
    return [...(has(definition) ? [type] : []), ...fields]
  })
}

function toMessage({ message }: Error): string {
  return message
}

function subgraph(name: string, sdl: string): Subgraph {
  return { name, url: `http://${name}.example.com/graphql`, typeDefs: parse(sdl) }
}

function ownTypes(schema: GraphQLSchema) {
  return Object.values(schema.getTypeMap()).filter(
    type => !/^_/.test(type.name) && !isSpecifiedScalarType(type),
  )
}

/** Fields and values that a supergraph must have, by coordinate. */
function coordinates(schema: GraphQLSchema): string[] {
  return ownTypes(schema).flatMap(type => {
    const parts =
      isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)
        ? Object.keys(type.getFields())
        : isEnumType(type)
          ? type.getValues().map(({ name }) => name)
          : []
    return parts.filter(name => !name.startsWith('_')).map(name => `${type.name}.${name}`)
  })
}

describe.each(Object.entries(LIBRARIES))('%s', (_library, compose) => {
  it.each([
    ['the published SDL', undefined],
    ['the SDL with auth directives', AUTH],
  ])('composes %s with a neighbour of clashing names, and says nothing', (_what, options) => {
    const schema = createSchema(options)
    const mfa = subgraph('mfa', printPublishedSdl(schema))
    const { errors, warnings, supergraph } = compose([subgraph('users', NEIGHBOUR), mfa])
    expect([errors, warnings]).toEqual([[], []])
    const composed = coordinates(buildASTSchema(parse(supergraph), { assumeValid: true }))
    expect(composed).toEqual(expect.arrayContaining(coordinates(schema)))
    expect(composed).toEqual(
      expect.arrayContaining(['User.name', 'Error.severity', 'Posture.SITTING', 'RateLimit.remaining']),
    )
    // Nothing of ours has got into what the neighbour owns.
    expect(
      composed.filter(name => /^(Error|PageInfo|RateLimit|FactorType|Posture)\./.test(name)),
    ).toHaveLength(10)
  })

  it('keeps what gateways are told, and binds nothing of the neighbour to our scopes', () => {
    const mfa = subgraph('mfa', printPublishedSdl(createSchema(AUTH)))
    const { supergraph, costs } = compose([subgraph('users', NEIGHBOUR), mfa])
    const scopes = directives(supergraph, 'requiresScopes')
    expect(scopes.filter(place => /^(User|UserPage|UserDeleted)\b/.test(place))).toEqual(['User.mfa'])
    expect(directives(supergraph, 'tag').toSorted()).toEqual([
      'Mutation.cancelMfaCoverageScan',
      'Mutation.revertMfaChange',
      'Mutation.setMfaPoolPolicy',
      'Mutation.setUserMfaStatus',
      'Mutation.setUsersMfaStatus',
      'Mutation.startMfaCoverageScan',
      'Mutation.switchMfaApplicationFactors',
      'Query.findMfaUsers',
      'Query.mfaApplications',
      'Query.mfaCoverage',
      'Query.mfaCoverageScans',
      'Query.mfaPoolPolicy',
      'Query.mfaViewer',
      'Query.userMfa',
      'Query.usersMfa',
      'Subscription.mfaCoverageScanProgress',
      'Subscription.userMfaChanged',
    ])
    expect(directives(supergraph, 'authenticated').toSorted()).toEqual([
      'MfaLimit',
      'MfaViewer',
      'Query.mfaViewer',
    ])
    expect(costs.toSorted()).toEqual(
      [
        'Mutation.revertMfaChange',
        'Mutation.setMfaPoolPolicy',
        'Mutation.setUserMfaStatus',
        'Mutation.setUsersMfaStatus',
        'Mutation.switchMfaApplicationFactors',
        'Query.mfaPoolPolicy',
        'FindMfaUsersSuccess.people',
        'MfaChange.user',
        'Subscription.userMfaChanged',
        'MfaCoverage.rows',
        'MfaCoverageRow.person',
        'MfaCoverageRow.user',
        'MfaCoverageScans.scans',
        'MfaCoverageSummary.byDepartment',
        'MfaCoverageSummary.byFactor',
        'MfaCoverageSummary.byPosture',
        'Mutation.startMfaCoverageScan',
        'MfaFactor.bound',
        'MfaViewer.limits',
        'Query.findMfaUsers',
        'Query.userMfa',
        'Query.usersMfa',
        'SetUsersMfaStatusSuccess.results',
        'User.mfa',
        'MfaPreviewState.factors',
        'MfaPreviewState.posture',
        'UserMfa.account',
        'UserMfa.factors',
        'UserMfa.forecast',
        'UserMfa.history',
        'UserMfa.history',
        'MfaHistoryConnection.missing',
        'MfaHistoryEntry.changes',
        'MfaApplicationConnection.edges',
        'MfaSignInForecast.factors',
        'MfaSignInForecast.reasons',
        'MfaSignInForecast.unknowns',
        'Query.mfaApplications',
        'UserMfa.posture',
        'UserMfa.user',
        'UsersMfaSuccess.results',
      ].toSorted(),
    )
  })

  it.each(Object.entries(MORE_NEIGHBOURS))('cannot compose it with %s of its own', (_what, more) => {
    const users = subgraph('users', NEIGHBOUR + more)
    const { errors } = compose([users, subgraph('mfa', printPublishedSdl())])
    expect(errors.length).toBeGreaterThan(0)
    expect(errors.join()).toMatch(/UserIdType|UserRefInput/)
  })
})

it('every type but the entity, the two that name a user and the scalar of times has a name that no neighbour is likely to have', () => {
  const names = ownTypes(createSchema()).map(({ name }) => name)
  const common = names.filter(
    name => !name.includes('Mfa') && !['Query', 'Mutation', 'Subscription'].includes(name),
  )
  expect(common).toEqual(['DateTime', 'User', 'UserIdType', 'UserRefInput'])
})
