import { z } from 'zod'
import type { ScopeNames } from '../../access/caller.ts'
import { ENTITY_ID_TYPES, type EntityIdType } from '../../mfa/user-ref.ts'
import type { Environment } from '../environment.ts'
import { onOrOff } from '../value-schemas.ts'
import { variable } from '../variable.ts'

export const FEDERATION_VARIABLES = {
  FEDERATION_USER_ID_TYPE: variable(
    'Kind of id that `User.id` is in the supergraph: USER_ID, EXTERNAL_ID or USERNAME.',
    'USER_ID',
    z.enum(ENTITY_ID_TYPES, `must be one of ${ENTITY_ID_TYPES.join(', ')}`),
  ),
  FEDERATION_AUTH_DIRECTIVES: variable(
    'Whether the published SDL carries `@requiresScopes`, for gateways that heed it: on or off. Scopes are checked either way.',
    'off',
    onOrOff,
  ),
}

export interface FederationSettings {
  /** The scopes that the published SDL names for fields, or `null` if it names none. */
  readonly authDirectives: ScopeNames | null
  /** The kind of ID that `User.id` is in the supergraph. */
  readonly userIdType: EntityIdType
}

export function readFederation(env: Environment, scopeNames: ScopeNames): FederationSettings {
  const values = env.read(FEDERATION_VARIABLES)
  return {
    authDirectives: values.FEDERATION_AUTH_DIRECTIVES ? scopeNames : null,
    userIdType: values.FEDERATION_USER_ID_TYPE,
  }
}
