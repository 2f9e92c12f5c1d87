import type { CoverageOrder } from '../../coverage/coverage-order.ts'
import type { ScanDepth, ScanFailure } from '../../coverage/scan.ts'
import { builder } from '../builder.ts'
import { described } from '../enums.ts'

export const MfaScanDepthEnum = builder.enumType('MfaScanDepth', {
  description: 'How much a scan asks GenAuth about each user.',
  values: described<ScanDepth>({
    ACTIVITY:
      'The facts in the list of users: status, departments, last sign-in and last second factor. One call for up to 50 users.',
    BINDINGS: 'The bound factors, too. One more call for each user.',
    FULL: 'The factors that are switched on, too, and so the posture. At most two more calls for each user.',
  }),
})

export const MfaCoverageOrderEnum = builder.enumType('MfaCoverageOrder', {
  description: 'The order of the rows of a scan.',
  values: described<CoverageOrder>({
    SCANNED: 'As they were read.',
    LAST_SIGN_IN_DESC: 'The latest sign-in first. Users without a known sign-in come last.',
    LAST_MFA_ASC:
      'The earliest second factor first. Users without a known second factor come before all others.',
  }),
})

export const MfaCoverageScanFailureEnum = builder.enumType('MfaCoverageScanFailure', {
  description: 'Why a scan failed. New reasons may be added.',
  values: described<ScanFailure>({
    LIST_CUT_SHORT: "GenAuth's list of users ends before its own count, and no other way leads on.",
    POPULATION_GONE: 'GenAuth no longer knows a department, group or application of the population.',
    PLAN_REQUIRED: 'The plan of the user pool does not include a call that the depth needs.',
    UPSTREAM_FORBIDDEN: 'The access key of this server lacks a right in GenAuth.',
    OPERATION_REFUSED: 'GenAuth refuses for another reason.',
  }),
})
