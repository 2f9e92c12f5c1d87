import { initGraphQLTada } from 'gql.tada'
import type { introspection } from '../generated/schema.d.ts'

/** Types documents by the schema of this server. Only its types are used, so none of it is in the page. */
export const graphql = initGraphQLTada<{
  introspection: introspection
  disableMasking: true
  scalars: { DateTime: string }
}>()
