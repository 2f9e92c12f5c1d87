import type { GraphQLSchema } from 'graphql'
import { builder } from './builder.ts'
import { publishSdl, toPublishedSdl } from './sdl/service.ts'
import { printSubgraphSdl } from './sdl/subgraph-sdl.ts'
import { AUTH_DIRECTIVES, declareAuthDirectives } from './transforms/auth-directives.ts'
import { guardFields, type ScopeNames } from './transforms/guard.ts'
import { reportRootOutcomes } from './transforms/root-outcomes.ts'
import './entities.ts'
import './user-mfa-queries.ts'
import './set-user-mfa-status.ts'
import './set-users-mfa-status.ts'

/** What the published SDL imports from federation's specification. */
const FEDERATION_DIRECTIVES: `@${string}`[] = ['@key', '@tag', '@cost', '@listSize']

export interface SchemaOptions {
  /** `null`: the published SDL says nothing about who may see what. The guard is the same either way. */
  readonly authDirectives: ScopeNames | null
  /** What the scopes are called where a refusal names one. */
  readonly scopeNames: ScopeNames
}

/** As `schema.graphql` has it. */
const DEFAULT_OPTIONS: SchemaOptions = {
  authDirectives: null,
  scopeNames: { read: 'mfa:read', write: 'mfa:write' },
}

/** Making one takes longer than anything else that an app does at its start. */
const made = new Map<string, GraphQLSchema>()

/** The executable schema, federation's `_service` and `_entities` included. Equal options have the same one. */
export function createSchema(options: Partial<SchemaOptions> = {}): GraphQLSchema {
  const allOptions = { ...DEFAULT_OPTIONS, ...options }
  const key = JSON.stringify(allOptions, ['authDirectives', 'scopeNames', 'read', 'write'])
  const schema = made.get(key) ?? makeSchema(allOptions)
  made.set(key, schema)
  return schema
}

function makeSchema({ authDirectives, scopeNames }: SchemaOptions): GraphQLSchema {
  const schema = builder.toSchema()
  if (authDirectives !== null) declareAuthDirectives(schema, authDirectives)
  const directives = [...FEDERATION_DIRECTIVES, ...(authDirectives === null ? [] : AUTH_DIRECTIVES)]
  publishSdl(schema, printSubgraphSdl(schema, directives))
  return reportRootOutcomes(guardFields(schema, scopeNames))
}

/** What `_service { sdl }` answers, as `schema.graphql` has it. */
export function printPublishedSdl(schema: GraphQLSchema = createSchema()): string {
  return toPublishedSdl(schema)
}
