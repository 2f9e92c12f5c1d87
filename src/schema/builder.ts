import SchemaBuilder from '@pothos/core'
import DirectivesPlugin from '@pothos/plugin-directives'
import FederationPlugin from '@pothos/plugin-federation'
import type { GraphQLContext } from './context.ts'

/** The one Pothos builder. Inputs say themselves what is required; output fields are non-null unless they say so. */
export const builder = new SchemaBuilder<{
  Context: GraphQLContext
  DefaultFieldNullability: false
}>({
  plugins: [DirectivesPlugin, FederationPlugin],
  defaultFieldNullability: false,
})

builder.queryType({
  description: 'Reads. Every one asks GenAuth anew: nothing is remembered from one operation to the next.',
})
builder.mutationType({
  description:
    'Writes. At most one user is changed by each field, and each answers with a union of outcomes.',
})
