import { z } from 'zod'
import type { GuardRails } from '../../mfa/check-guard-rails.ts'
import { SHARED_LOCK_DEMANDS } from '../../mfa/user-lock.ts'
import type { Environment } from '../environment.ts'
import { list, onOrOff, wholeNumber, word } from '../value-schemas.ts'
import { variable } from '../variable.ts'

export const GUARD_RAIL_VARIABLES = {
  ALLOW_SELF_WEAKENING: variable(
    'Whether callers may weaken or redirect their own MFA: on or off.',
    'off',
    onOrOff,
  ),
  AUTH_STEP_UP_MAX_AGE_S: variable(
    'Weakening or redirecting MFA requires an `auth_time` at most this many seconds ago. Unset: no fresh sign-in is required.',
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

export function readGuardRails(env: Environment): GuardRails {
  const values = env.read(GUARD_RAIL_VARIABLES)
  const { AUTH_STEP_UP_MAX_AGE_S: maxAgeS, AUTH_STEP_UP_ACR: acr, AUTH_STEP_UP_AMR: amr } = values
  if (maxAgeS === null && (acr ?? amr) !== null && env.isSound('AUTH_STEP_UP_MAX_AGE_S')) {
    env.refuse('AUTH_STEP_UP_MAX_AGE_S', 'required with AUTH_STEP_UP_ACR or AUTH_STEP_UP_AMR')
  }
  if (values.REDIS_REQUIRED_FOR !== 'off' && !env.isGiven('REDIS_URL')) {
    env.refuse('REDIS_URL', 'required with REDIS_REQUIRED_FOR')
  }
  return {
    allowSelfWeakening: values.ALLOW_SELF_WEAKENING,
    stepUp: maxAgeS === null ? null : { maxAgeS, acrValues: acr ?? [], amrValues: amr ?? [] },
    requireReason: values.REQUIRE_REASON,
    sharedLockFor: values.REDIS_REQUIRED_FOR,
  }
}
