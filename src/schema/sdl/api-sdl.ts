import { type GraphQLNamedType, GraphQLObjectType, GraphQLSchema, printSchema } from 'graphql'

/**
 * Prints the schema for tools of front ends that know nothing of federation, as graphql-js' `buildSchema`, Relay's
 * compiler and linters: standard SDL, complete by itself. Federation's own types and fields and the directives for
 * gateways are left out.
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

/** By the names that federation's specification gives; two underscores are introspection's. */
function isOfFederation(name: string): boolean {
  return name.startsWith('_') && !name.startsWith('__')
}
