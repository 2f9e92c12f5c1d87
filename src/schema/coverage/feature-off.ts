import type { MfaFailureOf } from '../../mfa/failure.ts'

/** The result of every field about scans where there is no store. */
export const FEATURE_OFF: MfaFailureOf<'FEATURE_OFF'> = { kind: 'FEATURE_OFF', upstream: null }
