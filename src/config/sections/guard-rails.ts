import { z } from 'zod'
import type { GuardRails } from '../../mfa/check-guard-rails.ts'
import { SHARED_LOCK_DEMANDS } from '../../mfa/user-lock.ts'
import type { Environment } from '../environment.ts'
import { list, onOrOff, wholeNumber, word } from '../value-schemas.ts'
import { variable } from '../variable.ts'
import type { AccessSection } from './access.ts'

export const GUARD_RAIL_VARIABLES = {
  ALLOW_SELF_WEAKENING: variable(
    'Whether callers may weaken or redirect their own MFA: on or off.',
    'off',
    onOrOff,
  ),
  AUTH_STEP_UP_MAX_AGE_S: variable(
    "Weakening or redirecting MFA requires an `auth_time` at most this many seconds ago. Unset: no fresh sign-in is required, but with the embedded sandbox's own issuer it is 28800, with AUTH_STEP_UP_ACR mfa.",
    null,
    wholeNumber(1, 86_400),
  ),
  AUTH_STEP_UP_ACR: variable(
    'Accepted `acr` values, separated by commas. Requires AUTH_STEP_UP_MAX_AGE_S. Unset: any.',
    null,
    list(word),
  ),
  AUTH_STEP_UP_AMR: variable(
    'Accepted `amr` values, separated by commas. Requires AUTH_STEP_UP_MAX_AGE_S. Unset: any.',
    null,
    list(word),
  ),
  REQUIRE_REASON: variable(
    'When a change must give a reason: off, weakening (or redirecting) or always.',
    'off',
    z.enum(['off', 'weakening', 'always'], 'must be off, weakening or always'),
  ),
  REDIS_REQUIRED_FOR: variable(
    'With REDIS_URL: changes that are refused while replicas do not share their lock, for example while Redis is lost. One of off (none), weakening (those with an effect) and writes (all).',
    'off',
    z.enum(SHARED_LOCK_DEMANDS, 'must be off, weakening or writes'),
  ),
}

/** The rule for tokens of the embedded sandbox, so that everybody can try one. The tokens of `/sandbox/tokens` pass it. */
const SANDBOX_STEP_UP = { maxAgeS: 28_800, acrValues: ['mfa'], amrValues: [] }

/** @param access the issuer decides whether there is a step-up rule that nobody has set */
export function readGuardRails(env: Environment, { issuer }: Pick<AccessSection, 'issuer'>): GuardRails {
  const values = env.read(GUARD_RAIL_VARIABLES)
  const { AUTH_STEP_UP_MAX_AGE_S: maxAgeS, AUTH_STEP_UP_ACR: acr, AUTH_STEP_UP_AMR: amr } = values
  if (maxAgeS === null && (acr ?? amr) !== null && env.isSound('AUTH_STEP_UP_MAX_AGE_S')) {
    env.refuse('AUTH_STEP_UP_MAX_AGE_S', 'required with AUTH_STEP_UP_ACR or AUTH_STEP_UP_AMR')
  }
  if (values.REDIS_REQUIRED_FOR !== 'off' && !env.isGiven('REDIS_URL')) {
    env.refuse('REDIS_URL', 'required with REDIS_REQUIRED_FOR')
  }
  const byDefault = issuer === null ? SANDBOX_STEP_UP : null
  return {
    allowSelfWeakening: values.ALLOW_SELF_WEAKENING,
    stepUp: maxAgeS === null ? byDefault : { maxAgeS, acrValues: acr ?? [], amrValues: amr ?? [] },
    requireReason: values.REQUIRE_REASON,
    sharedLockFor: values.REDIS_REQUIRED_FOR,
  }
}
