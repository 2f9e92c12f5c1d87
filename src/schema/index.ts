import { printSubgraphSchema } from '@apollo/subgraph'
import { type GraphQLField, type GraphQLSchema, getNamedType, graphqlSync } from 'graphql'
import { AUTH_DIRECTIVES, declareAuthDirectives, type ScopeNames } from './auth-directives.ts'
import { builder } from './builder.ts'
import { answerEntitiesOneByOne } from './entities.ts'
import { guardFields } from './guard.ts'
import './user.ts'
import './user-mfa-queries.ts'
import './set-user-mfa-status.ts'
import './set-users-mfa-status.ts'

/** The first that has `@cost`, for the sake of older gateways. */
const FEDERATION_URL = 'https://specs.apollo.dev/federation/v2.9'
/** Given in full: what the plugin would derive by itself changes with its version. */
const FEDERATION_DIRECTIVES: `@${string}`[] = ['@key', '@tag', '@cost', '@listSize']

export interface SchemaOptions {
  /** Null: the published SDL says nothing about who may see what. The guard is the same either way. */
  readonly authDirectives: ScopeNames | null
}

/** As `schema.graphql` has it. */
const DEFAULT_OPTIONS: SchemaOptions = { authDirectives: null }

/** The executable schema, federation's `_service` and `_entities` included. */
export function createSchema({ authDirectives }: SchemaOptions = DEFAULT_OPTIONS): GraphQLSchema {
  const subgraph = builder.toSubGraphSchema({
    linkUrl: FEDERATION_URL,
    federationDirectives: [...FEDERATION_DIRECTIVES, ...(authDirectives === null ? [] : AUTH_DIRECTIVES)],
  })
  // Federation's own fields declare nothing by themselves: what `_entities` leads to is guarded as `User` is.
  const service = getQueryField(subgraph, '_service')
  const entities = getQueryField(subgraph, '_entities')
  service.extensions = { ...service.extensions, needs: 'NOTHING' }
  entities.extensions = { ...entities.extensions, needs: 'READ' }
  const serviceType = getNamedType(service.type)
  serviceType.extensions = { ...serviceType.extensions, needs: 'NOTHING' }

  if (authDirectives !== null) {
    declareAuthDirectives(subgraph, authDirectives)
    const sdl = printSubgraphSchema(subgraph)
    service.resolve = () => ({ sdl })
  }
  return guardFields(answerEntitiesOneByOne(subgraph))
}

function getQueryField(schema: GraphQLSchema, name: string): GraphQLField<unknown, unknown> {
  const field = schema.getQueryType()?.getFields()[name]
  if (field === undefined) throw new Error('A federation schema has _service and _entities')
  return field
}

/** The published SDL: byte for byte what `_service { sdl }` answers, in a stable order. */
export function printPublishedSdl(schema: GraphQLSchema = createSchema()): string {
  const { data } = graphqlSync({ schema, source: '{ _service { sdl } }', contextValue: {} })
  const service = data?.['_service']
  if (
    typeof service === 'object' &&
    service !== null &&
    'sdl' in service &&
    typeof service.sdl === 'string'
  ) {
    return service.sdl
  }
  throw new Error('The schema does not publish its SDL')
}
