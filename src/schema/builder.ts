import SchemaBuilder from '@pothos/core'
import DirectivesPlugin from '@pothos/plugin-directives'
import type { GraphQLContext } from './context.ts'

/**
 * What the published SDL tells gateways; nothing here acts on it. `@key` makes an entity, see `entities.ts`. `@tag` marks what contracts for
 * the public leave out. A `@cost` of 10 stands for one call to GenAuth, where there are many the most there can be.
 */
type PublishedDirectives = {
  readonly key: { readonly locations: 'OBJECT'; readonly args: { readonly fields: string } }
  readonly tag: { readonly locations: 'FIELD_DEFINITION'; readonly args: { readonly name: 'admin' } }
  readonly cost: { readonly locations: 'FIELD_DEFINITION'; readonly args: { readonly weight: number } }
  readonly listSize: {
    readonly locations: 'FIELD_DEFINITION'
    readonly args: { readonly assumedSize: number }
  }
}

/** The one Pothos builder. Inputs say themselves what is required; output fields are non-null unless they say so. */
export const builder = new SchemaBuilder<{
  Context: GraphQLContext
  Directives: PublishedDirectives
  Scalars: { _Any: { Input: unknown; Output: unknown } }
  DefaultFieldNullability: false
}>({
  plugins: [DirectivesPlugin],
  defaultFieldNullability: false,
})

builder.queryType({
  description:
    "Reads of users' second factors. GenAuth, the identity provider that keeps the users, is asked again by each operation. Only the settings of the user pool are remembered, for a minute. Operations of one caller that overlap may share a read.",
})
builder.mutationType({
  description:
    "Changes of users' second factors: `setUserMfaStatus` for one user, `setUsersMfaStatus` for up to 50. Each returns a union: a success, or the failure that explains why there is none.",
})
