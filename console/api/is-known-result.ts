import type { introspection } from '../generated/schema.d.ts'
import { isMfaFailure, type MfaErrorType } from './tell-failure.ts'

type Types = introspection['types']
type UnionMember = {
  [Name in keyof Types]: Types[Name] extends { kind: 'UNION'; possibleTypes: infer Member } ? Member : never
}[keyof Types]

/** The types of this version that a payload may have, beside the errors. */
const RESULTS: Readonly<Record<Exclude<UnionMember, MfaErrorType>, true>> = {
  CancelMfaCoverageScanSuccess: true,
  FindMfaUsersSuccess: true,
  MfaApplicationConnection: true,
  MfaCoverage: true,
  MfaCoverageScans: true,
  MfaPoolPolicy: true,
  SetMfaPoolPolicyPreview: true,
  SetMfaPoolPolicySuccess: true,
  SetUserMfaStatusPreview: true,
  SetUserMfaStatusSuccess: true,
  SetUsersMfaStatusSuccess: true,
  StartMfaCoverageScanSuccess: true,
  SwitchMfaApplicationFactorsPreview: true,
  SwitchMfaApplicationFactorsSuccess: true,
  UserMfa: true,
  UsersMfaSuccess: true,
}

/** The errors of this version. Of each the page knows whether it proves that nothing was changed. */
const ERRORS: Readonly<Record<MfaErrorType, true>> = {
  MfaAmbiguousUserError: true,
  MfaApplicationNotFoundError: true,
  MfaChangeNotFoundError: true,
  MfaConflictError: true,
  MfaDuplicateUserError: true,
  MfaFeatureOffError: true,
  MfaInvalidInputError: true,
  MfaJobNotFoundError: true,
  MfaJobStateError: true,
  MfaNotAttemptedError: true,
  MfaNotRevertibleError: true,
  MfaOperationRefusedError: true,
  MfaPlanRequiredError: true,
  MfaPolicyUnavailableError: true,
  MfaPolicyViolationError: true,
  MfaPoolPolicyConflictError: true,
  MfaRateLimitedError: true,
  MfaRevisionConflictError: true,
  MfaStepUpRequiredError: true,
  MfaUpstreamForbiddenError: true,
  MfaUpstreamUnavailableError: true,
  MfaUserNotFoundError: true,
}

/**
 * Returns `true` if the page knows what a payload says. Any error says why there is no result, by members that all
 * errors have. It does not say what came of a change, if it is of a later version. Neither does a preview.
 */
export function isKnownResult(payload: { readonly __typename: string }, isChange: boolean): boolean {
  const { __typename: type } = payload
  if (Object.hasOwn(RESULTS, type)) return !isChange || !type.endsWith('Preview')
  return isMfaFailure(payload) && (!isChange || Object.hasOwn(ERRORS, type))
}
