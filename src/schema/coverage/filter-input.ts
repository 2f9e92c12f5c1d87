import type { CoverageFilter } from '../../coverage/coverage-filter.ts'
import { builder } from '../builder.ts'
import { DateTimeType } from '../date-time.ts'
import { MfaFactorTypeEnum, MfaPostureEnum, MfaUserStatusEnum } from '../enums.ts'

export const MfaCoverageFilterInput = builder.inputType('MfaCoverageFilter', {
  description:
    'The rows to show. All conditions hold, and the values of one list are alternatives. A field that is left out is no condition. A row that lacks what a condition asks about never fits it.',
  fields: t => ({
    postures: t.field({
      type: [MfaPostureEnum],
      description: 'Users with one of these postures. The depth of the scan must be `FULL`.',
    }),
    withoutBoundFactor: t.boolean({
      description:
        '`true`: users without any bound factor, where GenAuth says so of each factor. `false`: users with at least one bound factor. The depth must not be `ACTIVITY`.',
    }),
    boundFactor: t.field({
      type: MfaFactorTypeEnum,
      description: 'Users who have bound this factor. The depth must not be `ACTIVITY`.',
    }),
    notBoundFactor: t.field({
      type: MfaFactorTypeEnum,
      description:
        'Users who have not bound this factor, where GenAuth says so. The depth must not be `ACTIVITY`.',
    }),
    neverVerified: t.boolean({
      description: '`true`: users without a known time of a second factor. `false`: the others.',
    }),
    lastMfaBefore: t.field({
      type: DateTimeType,
      description:
        'Users who last passed a second factor before this time. Users who never did are not among them.',
    }),
    lastSignInAfter: t.field({
      type: DateTimeType,
      description: 'Users who last signed in at this time or later.',
    }),
    lastSignInBefore: t.field({
      type: DateTimeType,
      description:
        'Users who last signed in before this time. Users without a known sign-in are not among them.',
    }),
    departmentIds: t.idList({
      description:
        "Users in one of these departments, by GenAuth's ids: at most 200. Departments below them do not count.",
    }),
    statuses: t.field({
      type: [MfaUserStatusEnum],
      description: 'Users whose accounts had one of these states.',
    }),
  }),
})

/** Returns the filter that an input means. A field that is left out is no condition. */
export function toCoverageFilter(
  input: typeof MfaCoverageFilterInput.$inferInput | null | undefined,
): CoverageFilter {
  return {
    postures: input?.postures ?? null,
    withoutBoundFactor: input?.withoutBoundFactor ?? null,
    boundFactor: input?.boundFactor ?? null,
    notBoundFactor: input?.notBoundFactor ?? null,
    neverVerified: input?.neverVerified ?? null,
    lastMfaBeforeMs: input?.lastMfaBefore?.getTime() ?? null,
    lastSignInAfterMs: input?.lastSignInAfter?.getTime() ?? null,
    lastSignInBeforeMs: input?.lastSignInBefore?.getTime() ?? null,
    departmentIds: input?.departmentIds ?? null,
    statuses: input?.statuses ?? null,
  }
}
