import { GraphQLError, type GraphQLFieldResolver, type GraphQLSchema, isUnionType } from 'graphql'
import { MAX_USERS } from '../mfa/user-ref.ts'
import type { GraphQLContext } from './context.ts'

/** Each costs its share of the answer, and 64 KB of body hold more than a thousand: half a minute's work. */
const MAX_REPRESENTATIONS = 250
const LIMIT_MESSAGE = `At most ${MAX_USERS} different entities, at ${MAX_REPRESENTATIONS} places, can be asked for at once.`

/**
 * Makes `_entities` answer each representation by itself: one that names no entity of this subgraph is null with
 * an error at its place. As the federation library has it, a single bad one fails all of them, as a fault of ours.
 * Too many are refused together; who is named twice is one of fifty once, since some gateways name a user for
 * every place where it stands.
 */
export function answerEntitiesOneByOne(schema: GraphQLSchema): GraphQLSchema {
  const field = schema.getQueryType()?.getFields()['_entities']
  const union = schema.getType('_Entity')
  const resolveAll: GraphQLFieldResolver<unknown, GraphQLContext> | undefined = field?.resolve
  if (field === undefined || resolveAll === undefined || !isUnionType(union)) {
    throw new Error('A federation schema has _entities')
  }
  const names = union.getTypes().map(type => type.name)
  field.resolve = (source, { representations }: { representations: unknown[] }, context, info) => {
    if (representations.length > MAX_REPRESENTATIONS || countDistinct(representations) > MAX_USERS) {
      throw refused('LIMIT_EXCEEDED', LIMIT_MESSAGE)
    }
    return representations.flatMap(representation =>
      isRepresentation(representation, names)
        ? resolveAll(source, { representations: [representation] }, context, info)
        : refused(
            'BAD_USER_INPUT',
            'A representation must be an object whose __typename is an entity of this subgraph.',
          ),
    )
  }
  return schema
}

/** By text, since a representation is any JSON; the same one written in another order counts again. */
function countDistinct(representations: readonly unknown[]): number {
  return new Set(representations.map(representation => JSON.stringify(representation))).size
}

function isRepresentation(value: unknown, names: readonly string[]): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.hasOwn(value, '__typename') &&
    '__typename' in value &&
    names.some(name => name === value.__typename)
  )
}

function refused(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } })
}
