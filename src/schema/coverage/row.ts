import type { CoverageRow } from '../../coverage/coverage-row.ts'
import { MFA_FACTOR_TYPES } from '../../mfa/factor.ts'
import type { UserRef } from '../../mfa/user-ref.ts'
import { MfaAccountType, type Person } from '../account.ts'
import { builder } from '../builder.ts'
import { DateTimeType } from '../date-time.ts'
import { MfaFactorTypeEnum, MfaPostureEnum, MfaUserStatusEnum } from '../enums.ts'
import { orUnavailable } from '../unavailable.ts'
import { type UserSource, UserType } from '../user-source.ts'
import { toDate } from './to-date.ts'

export const MfaCoverageRowType = builder.objectRef<CoverageRow>('MfaCoverageRow').implement({
  extensions: { needs: 'REPORT' },
  description:
    'The findings about one user, as they were at `readAt`. The user may have changed since. Only `person` and `user` are looked up now.',
  fields: t => ({
    userId: t.exposeID('userId', {
      description: "GenAuth's own id of the user. It costs nothing. Name the user by it in a change.",
    }),
    person: t.field({
      type: MfaAccountType,
      nullable: true,
      extensions: { needs: 'READ' },
      directives: { cost: { weight: 1 } },
      description:
        'The person, looked up now: one call for up to 50 rows, and a read for each. You need the scope for reading, too. `null` if GenAuth no longer knows the user. Also `null` if GenAuth could not be asked: the error at this path then has the code `UPSTREAM_UNAVAILABLE`, `RATE_LIMITED` or `AMBIGUOUS_USER`.',
      resolve: async (row, _args, { mfa: { reads } }): Promise<Person | null> => {
        const found = await reads.account(toUserRef(row))
        return !found.ok && found.failure.kind === 'USER_NOT_FOUND' ? null : orUnavailable(found)
      },
    }),
    user: t.field({
      type: UserType,
      nullable: true,
      extensions: { needs: 'READ' },
      directives: { cost: { weight: 1 } },
      description:
        'The user, by the kind of id that your supergraph uses. You need the scope for reading, too. `null` if the user has no id of that kind, or GenAuth no longer knows the user. It costs nothing if that kind is `USER_ID`, and otherwise what `person` costs, which the two share.',
      resolve: async (row, _args, { mfa: { reads } }): Promise<UserSource | null> => {
        const found = await reads.entityId(toUserRef(row))
        if (!found.ok && found.failure.kind === 'USER_NOT_FOUND') return null
        const id = orUnavailable(found)
        return id === null ? null : { id, mfa: null }
      },
    }),
    status: t.field({
      type: MfaUserStatusEnum,
      nullable: true,
      description: 'The state of the account. `null` if GenAuth says nothing that this version knows.',
      resolve: ({ status }) => status,
    }),
    departmentIds: t.idList({
      description: "GenAuth's ids of the departments that the user is in. Empty if there is none.",
      resolve: ({ departmentIds }) => [...departmentIds],
    }),
    boundFactors: t.field({
      type: [MfaFactorTypeEnum],
      nullable: true,
      description:
        'The factors of which GenAuth says that the user has bound them. `null` if the depth is `ACTIVITY`, or if GenAuth did not answer.',
      resolve: ({ bindings }) => bindings && MFA_FACTOR_TYPES.filter(type => bindings[type] === true),
    }),
    enabledFactors: t.stringList({
      nullable: true,
      description:
        'The factors that are switched on, by their names in GenAuth. `null` if the depth is not `FULL`, or if GenAuth did not answer.',
      resolve: ({ enabledFactors }) => enabledFactors && [...enabledFactors],
    }),
    posture: t.field({
      type: MfaPostureEnum,
      nullable: true,
      description:
        'How well the user is protected. `null` if the depth is not `FULL`, or if GenAuth did not answer.',
      resolve: ({ posture }) => posture,
    }),
    lastMfaAt: t.field({
      type: DateTimeType,
      nullable: true,
      description: 'The time at which the user last passed a second factor. `null` if GenAuth knows of none.',
      resolve: ({ lastMfaAtMs }) => toDate(lastMfaAtMs),
    }),
    lastSignInAt: t.field({
      type: DateTimeType,
      nullable: true,
      description: 'The time of the last sign-in. `null` if GenAuth knows of none.',
      resolve: ({ lastSignInAtMs }) => toDate(lastSignInAtMs),
    }),
    readAt: t.field({
      type: DateTimeType,
      description: 'The time at which GenAuth was asked about the user.',
      resolve: ({ readAtMs }) => new Date(readAtMs),
    }),
  }),
})

function toUserRef({ userId }: CoverageRow): UserRef {
  return { userId, userIdType: 'USER_ID' }
}
