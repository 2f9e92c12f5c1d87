import type { CoverageForCaller } from '../../coverage/coverage-service.ts'
import type { Scan } from '../../coverage/scan.ts'
import { builder } from '../builder.ts'
import { DateTimeType } from '../date-time.ts'
import { MfaJobStatusEnum } from '../enums.ts'
import { MfaPopulationType } from './population.ts'
import { MfaCoverageScanFailureEnum, MfaScanDepthEnum } from './scan-enums.ts'
import { toDate } from './to-date.ts'

/** A scan, and the service that it came from. */
export interface ScanSource {
  readonly scan: Scan
  readonly coverage: CoverageForCaller
}

export const MfaCoverageScanType = builder.objectRef<ScanSource>('MfaCoverageScan').implement({
  extensions: { needs: 'REPORT' },
  description:
    'A scan that reads many users one after the other, as far as it has come. It goes on after a restart of the server. Ask for it again to see how it goes.',
  fields: t => ({
    id: t.id({
      description: 'The id of the scan. Select it in every document: a cache keeps one scan by it.',
      resolve: ({ scan }) => scan.id,
    }),
    status: t.field({
      type: MfaJobStatusEnum,
      description: 'How far the scan has come.',
      resolve: ({ scan }) => scan.status,
    }),
    failure: t.field({
      type: MfaCoverageScanFailureEnum,
      nullable: true,
      description: 'Why the scan failed. `null` unless `status` is `FAILED`.',
      resolve: ({ scan }) => scan.failure,
    }),
    depth: t.field({
      type: MfaScanDepthEnum,
      description: 'How much the scan asks GenAuth about each user.',
      resolve: ({ scan }) => scan.depth,
    }),
    population: t.field({
      type: MfaPopulationType,
      description: 'The users that the scan reads.',
      resolve: ({ scan }) => scan.population,
    }),
    budgetShare: t.float({
      description: "The part of GenAuth's rate that the scan uses at most, above 0 and up to 1.",
      resolve: ({ scan }) => scan.budgetShare,
    }),
    createdAt: t.field({
      type: DateTimeType,
      description: 'The time at which the scan was asked for.',
      resolve: ({ scan }) => new Date(scan.createdAtMs),
    }),
    startedAt: t.field({
      type: DateTimeType,
      nullable: true,
      description: 'The time at which the scan began. `null` if it still waits, or was cancelled before.',
      resolve: ({ scan }) => toDate(scan.startedAtMs),
    }),
    finishedAt: t.field({
      type: DateTimeType,
      nullable: true,
      description: 'The time at which the scan ended. `null` if it has not ended.',
      resolve: ({ scan }) => toDate(scan.finishedAtMs),
    }),
    estimatedFinishAt: t.field({
      type: DateTimeType,
      nullable: true,
      description:
        'The time at which the scan will end if it goes on as fast as it did so far. `null` if it does not run, or has read nobody yet.',
      resolve: ({ scan, coverage }) => toDate(coverage.estimateFinishMs(scan)),
    }),
    expected: t.int({
      nullable: true,
      description:
        'The users that GenAuth counted when the scan began. It may count users that the population leaves out. `null` before the first page.',
      resolve: ({ scan }) => scan.expected,
    }),
    seen: t.int({
      description: 'The users that have a row.',
      resolve: ({ scan }) => scan.seen,
    }),
    unreadable: t.int({
      description: 'Those of them that GenAuth did not answer for. Their rows lack what was asked.',
      resolve: ({ scan }) => scan.unreadable,
    }),
    upstreamCalls: t.int({
      description: 'The calls to GenAuth that the scan has made.',
      resolve: ({ scan }) => scan.upstreamCalls,
    }),
    isWhole: t.boolean({
      description:
        '`true` if the rows are exactly the population, as it was when the list was read a second time at the end. `false` if the scan has not ended well, if users came or went while it ran, or if some could not be read.',
      resolve: ({ scan }) => scan.isWhole,
    }),
  }),
})
