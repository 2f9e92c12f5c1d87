import type { CoverageSummary, DepartmentCount } from '../../coverage/coverage-summary.ts'
import type { ScanDepth } from '../../coverage/scan.ts'
import { MFA_POSTURES, type MfaPosture } from '../../mfa/bindings.ts'
import { MFA_FACTOR_TYPES, type MfaFactorType } from '../../mfa/factor.ts'
import { builder } from '../builder.ts'
import { MfaFactorTypeEnum, MfaPostureEnum } from '../enums.ts'

/** The counts of a scan, and the depth that says which of them mean something. */
export interface SummarySource {
  readonly summary: CoverageSummary
  readonly depth: ScanDepth
}

interface PostureCount {
  readonly posture: MfaPosture
  readonly count: number
}

interface FactorCount {
  readonly type: MfaFactorType
  readonly bound: number
  readonly enabled: number | null
}

const MfaPostureCountType = builder.objectRef<PostureCount>('MfaPostureCount').implement({
  extensions: { needs: 'REPORT' },
  description: 'How many users have a posture.',
  fields: t => ({
    posture: t.expose('posture', { type: MfaPostureEnum, description: 'The posture.' }),
    count: t.exposeInt('count', { description: 'The number of users.' }),
  }),
})

const MfaFactorCountType = builder.objectRef<FactorCount>('MfaFactorCount').implement({
  extensions: { needs: 'REPORT' },
  description: 'How many users have a factor.',
  fields: t => ({
    type: t.expose('type', { type: MfaFactorTypeEnum, description: 'The factor.' }),
    bound: t.exposeInt('bound', { description: 'The users who have bound it, as GenAuth says.' }),
    enabled: t.exposeInt('enabled', {
      nullable: true,
      description: 'The users with the factor switched on. `null` if the depth is not `FULL`.',
    }),
  }),
})

const MfaDepartmentCountType = builder
  .objectRef<DepartmentCount & Pick<SummarySource, 'depth'>>('MfaDepartmentCount')
  .implement({
    extensions: { needs: 'REPORT' },
    description: 'The counts of one department. A user of several departments counts in each.',
    fields: t => ({
      departmentId: t.exposeID('departmentId', { description: "GenAuth's id of the department." }),
      users: t.exposeInt('users', { description: 'The users of the department that have a row.' }),
      withoutBoundFactor: t.int({
        nullable: true,
        description:
          'Those without any bound factor, where GenAuth says so of each factor. `null` if the depth is `ACTIVITY`.',
        resolve: ({ withoutBoundFactor, depth }) => (depth === 'ACTIVITY' ? null : withoutBoundFactor),
      }),
    }),
  })

export const MfaCoverageSummaryType = builder.objectRef<SummarySource>('MfaCoverageSummary').implement({
  extensions: { needs: 'REPORT' },
  description:
    'The counts of all rows of a scan, whatever the filter is. While the scan runs, they are those of the rows so far.',
  fields: t => ({
    users: t.int({
      description: 'The users that have a row.',
      resolve: ({ summary }) => summary.users,
    }),
    withoutBoundFactor: t.int({
      nullable: true,
      description:
        'The users without any bound factor. A user counts only if GenAuth says so of each factor. `null` if the depth is `ACTIVITY`.',
      resolve: ({ summary, depth }) => (depth === 'ACTIVITY' ? null : summary.withoutBoundFactor),
    }),
    neverVerified: t.int({
      description: 'The users without a known time of a second factor.',
      resolve: ({ summary }) => summary.neverVerified,
    }),
    byPosture: t.field({
      type: [MfaPostureCountType],
      nullable: true,
      directives: { listSize: { assumedSize: 4 } },
      description: 'The users of each posture. `null` if the depth is not `FULL`.',
      resolve: ({ summary, depth }) =>
        depth === 'FULL'
          ? MFA_POSTURES.map(posture => ({ posture, count: summary.byPosture[posture] }))
          : null,
    }),
    byFactor: t.field({
      type: [MfaFactorCountType],
      nullable: true,
      directives: { listSize: { assumedSize: 4 } },
      description: 'The users of each factor. `null` if the depth is `ACTIVITY`.',
      resolve({ summary, depth }) {
        if (depth === 'ACTIVITY') return null
        return MFA_FACTOR_TYPES.map(type => {
          const { bound, enabled } = summary.byFactor[type]
          return { type, bound, enabled: depth === 'FULL' ? enabled : null }
        })
      },
    }),
    byDepartment: t.field({
      type: [MfaDepartmentCountType],
      directives: { listSize: { assumedSize: 200 } },
      description: 'The counts of the 200 largest departments. The largest comes first.',
      resolve: ({ summary, depth }) => summary.byDepartment.map(counts => ({ ...counts, depth })),
    }),
    poolFactors: t.field({
      type: [MfaFactorTypeEnum],
      nullable: true,
      description:
        'The factors that the user pool had on when the scan ended, in the order of `MfaFactorType`. `null` if it has not ended, or if they could not be read.',
      resolve: ({ summary: { poolFactors } }) =>
        poolFactors && MFA_FACTOR_TYPES.filter(type => poolFactors.includes(type)),
    }),
  }),
})
