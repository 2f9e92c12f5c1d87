import { GraphQLError, type GraphQLFieldResolver, type GraphQLSchema, isUnionType } from 'graphql'
import type { GraphQLContext } from './context.ts'

/**
 * Makes `_entities` answer each representation by itself: one that names no entity of this subgraph is null with
 * an error at its place. As the federation library has it, a single bad one fails all of them, as a fault of ours.
 */
export function answerEntitiesOneByOne(schema: GraphQLSchema): GraphQLSchema {
  const field = schema.getQueryType()?.getFields()['_entities']
  const union = schema.getType('_Entity')
  const resolveAll: GraphQLFieldResolver<unknown, GraphQLContext> | undefined = field?.resolve
  if (field === undefined || resolveAll === undefined || !isUnionType(union)) {
    throw new Error('A federation schema has _entities')
  }
  const names = union.getTypes().map(type => type.name)
  field.resolve = (source, { representations }: { representations: unknown[] }, context, info) =>
    representations.flatMap(representation =>
      isRepresentation(representation, names)
        ? resolveAll(source, { representations: [representation] }, context, info)
        : new GraphQLError(
            'A representation must be an object whose __typename is an entity of this subgraph.',
            {
              extensions: { code: 'BAD_USER_INPUT' },
            },
          ),
    )
  return schema
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
