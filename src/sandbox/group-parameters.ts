import { z } from 'zod'
import { pageParameters } from './page-parameters.ts'
import { queryFlag, userDetailParameters } from './parameters.ts'

export const listGroupsParameters = pageParameters.extend({
  keywords: z.string().default(''),
  withMetadata: queryFlag.optional(),
  withCustomData: queryFlag.optional(),
  flatCustomData: queryFlag.optional(),
})

export const getGroupParameters = z.object({ code: z.string().min(1), withCustomData: queryFlag.optional() })

export const listGroupMembersParameters = z.object({
  code: z.string().min(1),
  ...pageParameters.shape,
  ...userDetailParameters.shape,
})
