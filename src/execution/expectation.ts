import { type GraphQLInputType, getNamedType, isEnumType } from 'graphql'

/**
 * What would fit a type of the schema, in the schema's words. Of an enum it names the values.
 *
 * @param isPublished false: the schema is not published, so that nothing of it is said but the type that was named
 */
export function toExpectation(type: GraphQLInputType, isPublished: boolean): string {
  const named = getNamedType(type)
  const values = isPublished && isEnumType(named) ? `: one of ${toNames(named.getValues())}` : ''
  return `expected a value of type "${type}"${values}.`
}

/** Names of the schema in a row, as they are written. */
export function toNames(parts: readonly { readonly name: string }[]): string {
  return parts.map(({ name }) => name).join(', ')
}
