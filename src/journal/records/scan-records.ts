import { z } from 'zod'
import { SCAN_DEPTHS, SCAN_FAILURES } from '../../coverage/scan.ts'
import { ACCOUNT_STATUSES } from '../../mfa/account.ts'
import { caller, place } from './record-parts.ts'

/** The caller who asked for something about a scan, and the request. They are `null` if no caller did. */
const scanRequest = {
  requestId: z.string().nullable(),
  traceId: z.string().nullable(),
  caller: caller.nullable(),
}

/** The users that a scan reads, by ids and codes alone. */
const population = z.strictObject({
  departments: z.array(
    z.strictObject({ organizationCode: z.string(), departmentId: z.string(), includesChildren: z.boolean() }),
  ),
  groups: z.array(z.string()),
  statuses: z.array(z.enum(ACCOUNT_STATUSES)),
  signedInTo: z.array(z.string()),
  lastSignInAfter: z.iso.datetime().nullable(),
  lastSignInBefore: z.iso.datetime().nullable(),
  exceptUserIds: z.array(z.string()),
  exceptGroups: z.array(z.string()),
})

/** A scan is about to be created. It reads many users, and writes nothing to GenAuth. */
export const scanStartedRecord = z.strictObject({
  kind: z.literal('scanStarted'),
  ...place,
  ...scanRequest,
  scan: z.string(),
  depth: z.enum(SCAN_DEPTHS),
  /** The part of GenAuth's rate that it may use, up to 1. */
  budgetShare: z.number().positive().max(1),
  population,
})

/**
 * A scan ends. The journal of another replica may hold its start. If a process dies at this moment, another one ends the
 * scan again, and the last record counts. `NOT_CREATED` means that it was not stored, and never ran.
 */
export const scanEndedRecord = z.strictObject({
  kind: z.literal('scanEnded'),
  ...place,
  /** The request that cancelled the scan. */
  ...scanRequest,
  scan: z.string(),
  status: z.enum(['SUCCEEDED', 'FAILED', 'CANCELLED', 'NOT_CREATED']),
  failure: z.enum(SCAN_FAILURES).nullable(),
  /** The users that GenAuth counted when the scan began. `null` before its first page. */
  expected: z.int().nonnegative().nullable(),
  seen: z.int().nonnegative(),
  unreadable: z.int().nonnegative(),
  upstreamCalls: z.int().nonnegative(),
  isWhole: z.boolean(),
})
