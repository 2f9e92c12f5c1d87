import { type GraphQLInputType, getNamedType, isEnumType } from 'graphql'

/**
 * Describes the values that fit a type of the schema, in the schema's words. It names the values of an enum.
 *
 * @param isPublished `false` if the schema is not published. Only the type is then named
 */
export function toExpectation(type: GraphQLInputType, isPublished: boolean): string {
  const named = getNamedType(type)
  const values = isPublished && isEnumType(named) ? `: one of ${toNames(named.getValues())}` : ''
  return `expected a value of type "${type}"${values}.`
}

/** Joins names of the schema as they are written. */
export function toNames(parts: readonly { readonly name: string }[]): string {
  return parts.map(({ name }) => name).join(', ')
}
