import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  isInputType,
  typeFromAST,
  visit,
} from 'graphql'

/**
 * Returns the types of a document's variables by their names, for GraphiQL's check of the variables editor. It replaces
 * graphql-language-service's own function. That one demands every variable of a non-null type, even if it has a
 * default.
 */
export function collectVariables(
  schema: GraphQLSchema,
  document: DocumentNode,
): Record<string, GraphQLInputType> {
  const types: Record<string, GraphQLInputType> = Object.create(null)
  visit(document, {
    VariableDefinition({ variable, type, defaultValue }) {
      const found = typeFromAST(schema, type)
      if (isInputType(found)) types[variable.name.value] = defaultValue ? getNullableType(found) : found
    },
  })
  return types
}
