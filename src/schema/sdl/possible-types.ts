import { type GraphQLSchema, isAbstractType } from 'graphql'

/**
 * Prints the object types of each union and interface, as the caches of clients need them to match fragments. The
 * result is JSON, in the form of Apollo Client's option `possibleTypes`.
 */
export function printPossibleTypes(schema: GraphQLSchema): string {
  const abstract = Object.values(schema.getTypeMap())
    .filter(isAbstractType)
    .filter(({ name }) => !name.startsWith('_'))
  const entries = abstract.map(type => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)])
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`
}
