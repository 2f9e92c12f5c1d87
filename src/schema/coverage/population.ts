import type { Population, PopulationDepartment } from '../../coverage/population.ts'
import { builder } from '../builder.ts'
import { DateTimeType } from '../date-time.ts'
import { MfaUserStatusEnum } from '../enums.ts'
import { toDate } from './to-date.ts'

const MfaPopulationDepartmentType = builder
  .objectRef<PopulationDepartment>('MfaPopulationDepartment')
  .implement({
    extensions: { needs: 'REPORT' },
    description: 'A department of a population.',
    fields: t => ({
      organizationCode: t.exposeString('organizationCode', {
        description: 'The code of the organization in GenAuth.',
      }),
      departmentId: t.exposeID('departmentId', {
        description: "GenAuth's id of the department, or `root` for the whole organization.",
      }),
      includeChildren: t.exposeBoolean('includesChildren', {
        description: '`true` if the departments below it belong to it.',
      }),
    }),
  })

/** Two scans are told apart by what they were asked to read. */
export const MfaPopulationType = builder.objectRef<Population>('MfaPopulation').implement({
  extensions: { needs: 'REPORT' },
  description:
    'The users that a scan reads. All conditions hold, and the values of one list are alternatives. An empty list is no condition.',
  fields: t => ({
    departments: t.field({
      type: [MfaPopulationDepartmentType],
      description: 'The users of these departments.',
      resolve: ({ departments }) => [...departments],
    }),
    groups: t.stringList({
      description: 'The members of these groups, by code.',
      resolve: ({ groups }) => [...groups],
    }),
    statuses: t.field({
      type: [MfaUserStatusEnum],
      description: 'The users whose accounts have one of these states.',
      resolve: ({ statuses }) => [...statuses],
    }),
    signedInTo: t.idList({
      description: "The users who have signed in to one of these applications once, by GenAuth's id.",
      resolve: ({ signedInTo }) => [...signedInTo],
    }),
    lastSignInAfter: t.field({
      type: DateTimeType,
      nullable: true,
      description: 'The users who signed in last at this time or later. `null` is no condition.',
      resolve: ({ lastSignInAfterMs }) => toDate(lastSignInAfterMs),
    }),
    lastSignInBefore: t.field({
      type: DateTimeType,
      nullable: true,
      description: 'The users who signed in last before this time. `null` is no condition.',
      resolve: ({ lastSignInBeforeMs }) => toDate(lastSignInBeforeMs),
    }),
    exceptUserIds: t.idList({
      description: "The users who are left out, by GenAuth's own id.",
      resolve: ({ exceptUserIds }) => [...exceptUserIds],
    }),
    exceptGroups: t.stringList({
      description: 'The groups whose members are left out, by code.',
      resolve: ({ exceptGroups }) => [...exceptGroups],
    }),
  }),
})
