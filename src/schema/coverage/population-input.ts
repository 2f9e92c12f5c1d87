import type { WantedPopulation } from '../../coverage/wanted-scan.ts'
import { builder } from '../builder.ts'
import { DateTimeType } from '../date-time.ts'
import { MfaUserStatusEnum } from '../enums.ts'
import { UserRefInput } from '../inputs.ts'

const MfaDepartmentInput = builder.inputType('MfaDepartmentInput', {
  description: 'A department of an organization in GenAuth.',
  fields: t => ({
    organizationCode: t.string({ required: true, description: 'The code of the organization.' }),
    departmentId: t.string({
      required: true,
      defaultValue: 'root',
      description: "GenAuth's id of the department, or `root` for the whole organization.",
    }),
    includeChildren: t.boolean({
      required: true,
      defaultValue: true,
      description: 'Set to `false` to leave out the departments below it.',
    }),
  }),
})

export const MfaPopulationInput = builder.inputType('MfaPopulationInput', {
  description:
    'The users that a scan is to read. All conditions hold, and the values of one list are alternatives. A field that is left out is no condition. An empty list is refused, because it could mean everybody or nobody.',
  fields: t => ({
    departments: t.field({
      type: [MfaDepartmentInput],
      description: 'The users of these departments, at most 50.',
    }),
    groups: t.stringList({
      description:
        'The members of these groups, by code, at most 50. Not together with `departments` or `signedInTo`.',
    }),
    statuses: t.field({
      type: [MfaUserStatusEnum],
      description: 'The users whose accounts have one of these states. If left out, `ACTIVATED` alone.',
    }),
    signedInTo: t.idList({
      description:
        "The users who have signed in to one of these applications once, by GenAuth's id, at most 20.",
    }),
    lastSignInAfter: t.field({
      type: DateTimeType,
      description: 'The users who signed in last at this time or later. Not before 1970.',
    }),
    lastSignInBefore: t.field({
      type: DateTimeType,
      description: 'The users who signed in last before this time. Not before 1970.',
    }),
    exceptUsers: t.field({
      type: [UserRefInput],
      description: 'Users to leave out, at most 500. GenAuth must know each of them.',
    }),
    exceptGroups: t.stringList({
      description:
        'Groups whose members are left out, by code, at most 20. None of them may be one of `groups`.',
    }),
  }),
})

/** Returns the population that an input means. */
export function toWantedPopulation(
  input: typeof MfaPopulationInput.$inferInput | null | undefined,
): WantedPopulation {
  return {
    departments:
      input?.departments?.map(({ organizationCode, departmentId, includeChildren }) => ({
        organizationCode,
        departmentId,
        includesChildren: includeChildren,
      })) ?? null,
    groups: input?.groups ?? null,
    statuses: input?.statuses ?? null,
    signedInTo: input?.signedInTo ?? null,
    lastSignInAfterMs: input?.lastSignInAfter?.getTime() ?? null,
    lastSignInBeforeMs: input?.lastSignInBefore?.getTime() ?? null,
    exceptUsers: input?.exceptUsers ?? null,
    exceptGroups: input?.exceptGroups ?? null,
  }
}
