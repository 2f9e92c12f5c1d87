import { z } from 'zod'
import { pageParameters } from './page-parameters.ts'
import { queryFlag } from './parameters.ts'

export const getApplicationParameters = z.object({ appId: z.string().min(1) })

/**
 * Reading: a flag that is `false` filters nothing. The official SDKs send all three as `false` unless told otherwise,
 * and say that they list the applications.
 */
export const listApplicationSimpleInfoParameters = pageParameters.extend({
  isIntegrateApp: queryFlag.default(false),
  isSelfBuiltApp: queryFlag.default(false),
  ssoEnabled: queryFlag.default(false),
  keywords: z.string().default(''),
})

/** Reading: `all` searches deleted applications as well, and there are none. */
export const listApplicationsParameters = listApplicationSimpleInfoParameters.extend({
  all: queryFlag.optional(),
})

export type ApplicationListParameters = z.output<typeof listApplicationSimpleInfoParameters>
