import { z } from 'zod'
import type { UpstreamResult } from '../../mfa/failure.ts'
import type { MakeCall } from '../call.ts'
import { listUpTo, notNeeded, plainFlag, plainNumber } from '../lenient.ts'

/** The moment of a sign-in at which a function can change what a person is asked for. */
const SCENE = 'PRE_MFA_VERIFY'
/** No user pool has more. */
const MAX_FUNCTIONS = 1_000

/**
 * The source code of the functions is dropped. A function that may be on counts. A list with fewer functions than
 * GenAuth counts cannot show that there is none.
 */
const pipelineFunctionsData = z
  .object({
    totalCount: notNeeded(plainNumber),
    list: listUpTo(MAX_FUNCTIONS, z.object({ scene: z.string().nullish(), enabled: plainFlag.nullish() })),
  })
  .transform(({ totalCount, list }) => ({
    isFound: list.some(({ scene, enabled }) => (scene ?? SCENE) === SCENE && enabled !== false),
    isWhole: (totalCount ?? 0) <= list.length,
  }))
  .refine(({ isFound, isWhole }) => isFound || isWhole, 'lists fewer functions than it counts')
  .transform(({ isFound }): boolean => isFound)

/**
 * Returns `true` if a function runs before a second factor is verified, by `GET list-pipeline-functions`. GenAuth may
 * ignore the scene that it is asked for, so functions of other scenes are left out here.
 */
export function hasPipelineFunction(makeCall: MakeCall): Promise<UpstreamResult<boolean>> {
  return makeCall({
    kind: 'READ',
    method: 'GET',
    endpoint: 'list-pipeline-functions',
    params: { scene: SCENE },
    subject: '',
    data: pipelineFunctionsData,
  })
}
