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

/** Returns `true` if the page knows what a payload says. An error says it by members that all errors have. */
export function isKnownResult(payload: { readonly __typename: string }): boolean {
  return Object.hasOwn(RESULTS, payload.__typename) || isMfaFailure(payload)
}
