import { type GraphQLSchema, graphqlSync } from 'graphql'
import { builder } from './builder.ts'
import { answerEntitiesOneByOne } from './entities.ts'
import { guardFields } from './guard.ts'
import './user.ts'
import './user-mfa-queries.ts'
import './set-user-mfa-status.ts'
import './set-users-mfa-status.ts'

/** Given in full: what the plugin would derive by itself changes with its version. */
const FEDERATION_DIRECTIVES: `@${string}`[] = ['@key']

/** The executable schema, federation's `_service` and `_entities` included. */
export const schema: GraphQLSchema = prepare(
  builder.toSubGraphSchema({
    linkUrl: 'https://specs.apollo.dev/federation/v2.6',
    federationDirectives: FEDERATION_DIRECTIVES,
  }),
)

/** Federation's own fields declare nothing by themselves: what `_entities` leads to is guarded as `User` is. */
function prepare(subgraph: GraphQLSchema): GraphQLSchema {
  for (const name of ['_service', '_entities']) {
    const field = subgraph.getQueryType()?.getFields()[name]
    if (field === undefined) throw new Error('A federation schema has _service and _entities')
    field.extensions = { ...field.extensions, needs: name === '_service' ? 'NOTHING' : 'READ' }
  }
  const service = subgraph.getType('_Service')
  if (service !== undefined) service.extensions = { ...service.extensions, needs: 'NOTHING' }
  return guardFields(answerEntitiesOneByOne(subgraph))
}

/** The published SDL: byte for byte what `_service { sdl }` answers, in a stable order. */
export function printPublishedSdl(): string {
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
