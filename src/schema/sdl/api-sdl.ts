import { type GraphQLNamedType, GraphQLObjectType, GraphQLSchema, printSchema } from 'graphql'

/**
 * Prints the schema for tools of front ends without support for federation, such as graphql-js' `buildSchema`,
 * Relay's compiler and linters. The result is standard SDL and complete by itself. It leaves out federation's own
 * types and fields and the directives for gateways.
 */
export function printApiSdl(schema: GraphQLSchema): string {
  const { query, types, directives, ...config } = schema.toConfig()
  if (query == null) throw new Error('The schema has queries')
  const { fields, ...queryConfig } = query.toConfig()
  const queries = new GraphQLObjectType({
    ...queryConfig,
    fields: Object.fromEntries(Object.entries(fields).filter(([name]) => !isOfFederation(name))),
  })
  const toPublic = (type: GraphQLNamedType) => (type === query ? queries : type)
  return printSchema(
    new GraphQLSchema({
      ...config,
      query: queries,
      types: types.filter(({ name }) => !isOfFederation(name)).map(toPublic),
      directives: [],
    }),
  )
}

/** Goes by the names that the specification of federation gives. Two underscores belong to introspection. */
function isOfFederation(name: string): boolean {
  return name.startsWith('_') && !name.startsWith('__')
}
