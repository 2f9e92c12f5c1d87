import {
  GraphQLError,
  type GraphQLField,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isUnionType,
} from 'graphql'
import type { GraphQLContext } from '../context.ts'

/** In the place of an error that has no code of its own. */
const UNEXPECTED = 'INTERNAL_SERVER_ERROR'

/**
 * Lets every root field of the schema report to `settled` of its context, whatever is selected below it. They all
 * answer asynchronously from then on.
 */
export function reportRootOutcomes(schema: GraphQLSchema): GraphQLSchema {
  for (const type of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) reportField(field)
  }
  return schema
}

function reportField(field: GraphQLField<unknown, GraphQLContext>): void {
  const { name, resolve } = field
  if (resolve === undefined) throw new Error('A root field has a resolver')
  field.resolve = async (source, args, context, info) => {
    try {
      const result: unknown = await resolve(source, args, context, info)
      context.settled?.(name, await toOutcome(field, result, context, info))
      return result
    } catch (error) {
      context.settled?.(name, toCode(error))
      throw error
    }
  }
}

async function toOutcome(
  { type }: GraphQLField<unknown, GraphQLContext>,
  result: unknown,
  context: GraphQLContext,
  info: GraphQLResolveInfo,
): Promise<string> {
  const payload = getNamedType(type)
  if (!isUnionType(payload) || Array.isArray(result)) return 'OK'
  return (await payload.resolveType?.(result, context, info, payload)) ?? UNEXPECTED
}

function toCode(error: unknown): string {
  const code = error instanceof GraphQLError ? error.extensions['code'] : null
  return typeof code === 'string' ? code : UNEXPECTED
}
