import type { ResultOf } from '../../api/document.ts'
import { isKnownResult } from '../../api/is-known-result.ts'
import { isInDoubt, type MfaFailure } from '../../api/tell-failure.ts'
import type { FindUsersDocument, SwitchFactorsOfUsersDocument } from '../../generated/documents.ts'
import type { Warning } from '../../parts/change-warnings.tsx'

type Payload = ResultOf<typeof SwitchFactorsOfUsersDocument>['setUsersMfaStatus']
export type SeveralResult = Extract<Payload, { __typename: 'SetUsersMfaStatusSuccess' }>['results'][number]
type ResultPayload = SeveralResult['payload']

type FoundPayload = Extract<
  ResultOf<typeof FindUsersDocument>['usersMfa'],
  { __typename: 'UsersMfaSuccess' }
>['results'][number]['payload']

/** The part of a person's factors that the table shows. */
export type PersonState = Pick<Extract<FoundPayload, { __typename: 'UserMfa' }>, 'id' | 'posture' | 'factors'>

/** A state that came with a result. */
export interface ToldState extends PersonState {
  /** When the result came, in milliseconds since 1970. */
  readonly atMs: number
}

/** The difference in one factor, by its name at GenAuth. */
export interface FactorChange {
  readonly code: string
  readonly isOn: boolean
}

/** The known state of one person's change. */
export type Outcome =
  | {
      readonly kind: 'WOULD_CHANGE' | 'APPLIED'
      readonly changes: readonly FactorChange[]
      readonly warnings: readonly Warning[]
    }
  | { readonly kind: 'NOT_NEEDED' | 'UNCHANGED'; readonly warnings: readonly Warning[] }
  | { readonly kind: 'REFUSED' | 'NOT_ATTEMPTED'; readonly failure: MfaFailure }
  /** `failure` is `null` if the whole request has no result. */
  | { readonly kind: 'UNKNOWN'; readonly failure: MfaFailure | null }

export type OutcomeKind = Outcome['kind']

export const OUTCOME_KINDS = [
  'WOULD_CHANGE',
  'APPLIED',
  'NOT_NEEDED',
  'UNCHANGED',
  'REFUSED',
  'UNKNOWN',
  'NOT_ATTEMPTED',
] as const satisfies readonly OutcomeKind[]

export interface Judged {
  readonly outcome: Outcome
  /** The state that was read with it. `null` if there is none. */
  readonly state: PersonState | null
}

/** Judges the result of one person, of a change or of its preview. */
export function toOutcome(payload: ResultPayload, isChange: boolean): Judged {
  if (!isKnownResult(payload, isChange)) return { outcome: { kind: 'UNKNOWN', failure: null }, state: null }
  switch (payload.__typename) {
    case 'SetUserMfaStatusPreview': {
      const warnings = payload.warnings ?? []
      const changes = toChanges(payload.changes)
      const outcome: Outcome = payload.changed
        ? { kind: 'WOULD_CHANGE', changes, warnings }
        : { kind: 'NOT_NEEDED', warnings }
      return { outcome, state: null }
    }
    case 'SetUserMfaStatusSuccess': {
      const warnings = payload.warnings ?? []
      const outcome: Outcome = payload.applied
        ? { kind: 'APPLIED', changes: toChanges(payload.changes ?? []), warnings }
        : { kind: 'UNCHANGED', warnings }
      return { outcome, state: payload.userMfa }
    }
    case 'MfaUpstreamUnavailableError':
      return toFailed(payload, payload.observed)
    case 'MfaNotAttemptedError':
      return { outcome: { kind: 'NOT_ATTEMPTED', failure: payload }, state: null }
    case 'MfaRevisionConflictError':
      return toFailed(payload, payload.current)
    default:
      return toFailed(payload, null)
  }
}

function toFailed(failure: MfaFailure, state: PersonState | null): Judged {
  return { outcome: { kind: isInDoubt(failure) ? 'UNKNOWN' : 'REFUSED', failure }, state }
}

/** Returns `true` if the change of a person may be sent again as it is. A change in doubt needs a look first. */
export function mayRepeat(outcome: Outcome): boolean {
  switch (outcome.kind) {
    case 'NOT_ATTEMPTED':
      return true
    case 'REFUSED':
      return outcome.failure.retryable
    case 'WOULD_CHANGE':
    case 'APPLIED':
    case 'NOT_NEEDED':
    case 'UNCHANGED':
    case 'UNKNOWN':
      return false
  }
}

function toChanges(
  changes: readonly {
    readonly code: string
    readonly after: { readonly enabled: boolean } | null
  }[],
): FactorChange[] {
  return changes.map(({ code, after }) => ({ code, isOn: after?.enabled ?? false }))
}
