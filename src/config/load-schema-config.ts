import type { SchemaOptions } from '../schema/index.ts'
import { Environment } from './environment.ts'
import { SCOPE_VARIABLE_NAMES, TOKEN_VARIABLES, toScopeNames } from './sections/access.ts'
import { readFederation } from './sections/federation.ts'

const { AUTH_READ_SCOPE, AUTH_WRITE_SCOPE, AUTH_REPORT_SCOPE, AUTH_POLICY_SCOPE, AUTH_AUDIT_SCOPE } =
  TOKEN_VARIABLES
const SCOPE_VARIABLES = {
  AUTH_READ_SCOPE,
  AUTH_WRITE_SCOPE,
  AUTH_REPORT_SCOPE,
  AUTH_POLICY_SCOPE,
  AUTH_AUDIT_SCOPE,
}
const READ = ['FEDERATION_AUTH_DIRECTIVES', ...SCOPE_VARIABLE_NAMES]

/**
 * Reads the variables that the published SDL depends on. Other variables may be missing or have faults.
 *
 * @throws ConfigError
 */
export function loadSchemaConfig(given: Readonly<Record<string, string | undefined>>): SchemaOptions {
  const env = new Environment(Object.fromEntries(READ.map(name => [name, given[name]])))
  const scopeNames = toScopeNames(env.read(SCOPE_VARIABLES))
  const { authDirectives } = readFederation(env, scopeNames)
  env.throwFaults()
  return { authDirectives, scopeNames }
}
