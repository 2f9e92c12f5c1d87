import type { GraphQLSchema } from 'graphql'
import type { ScopeNames } from '../access/caller.ts'
import { builder } from './builder.ts'
import { publishSdl, toPublishedSdl } from './sdl/service.ts'
import { printSubgraphSdl } from './sdl/subgraph-sdl.ts'
import { AUTH_DIRECTIVES, declareAuthDirectives } from './transforms/auth-directives.ts'
import { guardFields } from './transforms/guard.ts'
import { reportRootOutcomes } from './transforms/root-outcomes.ts'
import './entities.ts'
import './user-mfa-queries.ts'
import './find-mfa-users.ts'
import './set-user-mfa-status.ts'
import './set-users-mfa-status.ts'
import './revert-mfa-change.ts'
import './viewer.ts'
import './coverage/coverage-queries.ts'
import './coverage/start-scan.ts'
import './coverage/cancel-scan.ts'
import './pool-policy.ts'
import './switch-application-factors.ts'
import './mfa-applications.ts'
import './forecast.ts'
import './history/history.ts'
import './live/user-mfa-changed.ts'
import './live/scan-progress.ts'

/** The directives that the published SDL imports from the specification of federation. */
const FEDERATION_DIRECTIVES: `@${string}`[] = ['@key', '@tag', '@cost', '@listSize']

export interface SchemaOptions {
  /**
   * The directives by which the published SDL says which scopes a field needs. `null` if it does not say so. The
   * guard is the same in both cases.
   */
  readonly authDirectives: ScopeNames | null
  /** The names of the scopes in the messages of refusals. */
  readonly scopeNames: ScopeNames
}

/** The options of `schema.graphql`. */
const DEFAULT_OPTIONS: SchemaOptions = {
  authDirectives: null,
  scopeNames: {
    read: 'mfa:read',
    write: 'mfa:write',
    report: 'mfa:report',
    policy: 'mfa:policy',
    audit: 'mfa:audit',
  },
}

/** The schemas that were made. Making one takes longer than any other step of an app's start. */
const made = new Map<string, GraphQLSchema>()

/** Returns the executable schema, with federation's `_service` and `_entities`. Equal options get the same schema. */
export function createSchema(options: Partial<SchemaOptions> = {}): GraphQLSchema {
  const allOptions = { ...DEFAULT_OPTIONS, ...options }
  const key = JSON.stringify(allOptions, [
    'authDirectives',
    'scopeNames',
    'read',
    'write',
    'report',
    'policy',
    'audit',
  ])
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

/** Returns the SDL that `_service { sdl }` returns. `schema.graphql` has the same. */
export function printPublishedSdl(schema: GraphQLSchema = createSchema()): string {
  return toPublishedSdl(schema)
}
