import SchemaBuilder from '@pothos/core'
import DirectivesPlugin from '@pothos/plugin-directives'
import type { GraphQLContext } from './context.ts'

/**
 * The directives of the published SDL, which tell gateways something. This server does not act on them. `@key` makes
 * an entity: see `entities.ts`. `@tag` marks the fields that public contracts leave out. A `@cost` of 10 stands for
 * one call to GenAuth. If the number of calls varies, the cost is that of the most.
 */
type PublishedDirectives = {
  readonly key: { readonly locations: 'OBJECT'; readonly args: { readonly fields: string } }
  readonly tag: { readonly locations: 'FIELD_DEFINITION'; readonly args: { readonly name: 'admin' } }
  readonly cost: { readonly locations: 'FIELD_DEFINITION'; readonly args: { readonly weight: number } }
  readonly listSize: {
    readonly locations: 'FIELD_DEFINITION'
    readonly args:
      | { readonly assumedSize: number }
      | { readonly slicingArguments: readonly string[]; readonly sizedFields: readonly string[] }
  }
}

/**
 * The one Pothos builder. Inputs say themselves whether they are required. Output fields are non-null unless they say
 * otherwise.
 */
export const builder = new SchemaBuilder<{
  Context: GraphQLContext
  Directives: PublishedDirectives
  Scalars: {
    ID: { Input: string; Output: string }
    _Any: { Input: unknown; Output: unknown }
    DateTime: { Input: Date; Output: Date }
  }
  DefaultFieldNullability: false
}>({
  plugins: [DirectivesPlugin],
  defaultFieldNullability: false,
})

builder.queryType({
  description:
    "Reads of users' second factors. GenAuth, the identity provider that keeps the users, is asked again by each operation. Only what concerns the whole user pool is remembered, for a minute: its settings, and its list of exempt users. `mfaCoverage` shows what a scan found earlier. Operations of one caller that overlap may share a read.",
})
builder.subscriptionType({
  description:
    "Hints that something may have changed, as `text/event-stream`. A stream ends with the caller's token, after 15 minutes, and when the server stops: begin it anew, and read once.",
})
builder.mutationType({
  description:
    "Changes of users' second factors: `setUserMfaStatus` for one user, `setUsersMfaStatus` for up to 50. `revertMfaChange` undoes a change. Scans of who has none are started and cancelled here, too. Each returns a union: a success, or the failure that explains why there is none.",
})
