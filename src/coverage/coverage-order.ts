/**
 * The order of rows.
 *
 * - `SCANNED`: as they were read.
 * - `LAST_SIGN_IN_DESC`: the latest sign-in first. Users of whom GenAuth knows none come last.
 * - `LAST_MFA_ASC`: the earliest MFA first. Users of whom GenAuth knows none come before all others.
 *
 * A row never changes, so a page goes on exactly where the one before it ended.
 */
export const COVERAGE_ORDERS = ['SCANNED', 'LAST_SIGN_IN_DESC', 'LAST_MFA_ASC'] as const

export type CoverageOrder = (typeof COVERAGE_ORDERS)[number]
