import { z } from 'zod'
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
  /** `true` if the published SDL names the scopes that fields need. */
  readonly authDirectives: boolean
  /** The kind of ID that `User.id` is in the supergraph. */
  readonly userIdType: EntityIdType
}

export function readFederation(env: Environment): FederationSettings {
  const values = env.read(FEDERATION_VARIABLES)
  return { authDirectives: values.FEDERATION_AUTH_DIRECTIVES, userIdType: values.FEDERATION_USER_ID_TYPE }
}
