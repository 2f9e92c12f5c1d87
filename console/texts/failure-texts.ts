import type { RequestFailureKind } from '../api/request-codes.ts'
import type { MfaErrorType } from '../api/tell-failure.ts'

/** A failure in words: what happened, why, and what to do next. */
export interface FailureWords {
  readonly title: string
  readonly explanation: string
  readonly nextStep: string
}

/** The words of every failure. A language that leaves one out does not compile. */
export interface FailureTexts {
  readonly types: Readonly<Record<MfaErrorType, FailureWords>>
  readonly requests: Readonly<Record<RequestFailureKind, FailureWords>>
  /** A change that may have been made, or may not. */
  readonly inDoubt: FailureWords
  /** GenAuth refuses the last step of a change whose first one may have been made. */
  readonly partlyRefused: FailureWords
  /** An error type of a later version. The server's message is its explanation. */
  readonly later: FailureWords
  /** By `MfaPolicyRule`. */
  readonly rules: Readonly<Record<string, string>>
  /** The next step for a rule, by `MfaPolicyRule`. */
  readonly ruleSteps: Readonly<Record<string, string>>
  /** By `MfaNotRevertibleReason`. */
  readonly whys: Readonly<Record<string, string>>
  /** By `MfaRateLimitOrigin`. */
  readonly origins: Readonly<Record<string, string>>
}
