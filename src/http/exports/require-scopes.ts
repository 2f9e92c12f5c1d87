import type { Caller, Scope, ScopeNames } from '../../access/caller.ts'
import { RequestRefused } from '../request-refused.ts'

/** @throws RequestRefused 403, if the caller lacks one of the scopes */
export function requireScopes(names: ScopeNames, caller: Caller, needed: readonly Scope[]): void {
  const nameOf: Readonly<Record<Scope, string>> = {
    READ: names.read,
    WRITE: names.write,
    REPORT: names.report,
    POLICY: names.policy,
    AUDIT: names.audit,
  }
  const missing = needed.find(scope => !caller.scopes.has(scope))
  if (missing === undefined) return
  const scope = needed.map(one => nameOf[one]).join(' ')
  throw new RequestRefused(403, 'FORBIDDEN', `You need the \`${nameOf[missing]}\` scope.`, {
    'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"`,
  })
}
