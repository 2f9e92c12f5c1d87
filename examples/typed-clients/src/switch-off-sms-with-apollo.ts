import type { ApolloClient } from '@apollo/client'
import {
  FindUserDocument,
  PreviewChangeDocument,
  type PreviewChangeMutationVariables,
  SwitchFactorsDocument,
  type SwitchFactorsMutation,
} from '../generated/graphql.ts'
import { type Desk, describeFactors, describeUnknown } from './desk.ts'

type SetResult = SwitchFactorsMutation['setUserMfaStatus']

/**
 * Finds a user and shows the effect of switching SMS off. If the operator agrees and nobody has changed the user since,
 * it makes the change. Otherwise it shows the current state and asks again.
 *
 * @returns the end of the story, for the operator
 */
export async function switchOffSmsWithApollo(
  client: ApolloClient,
  email: string,
  desk: Desk,
): Promise<string> {
  const found = await client.query({
    query: FindUserDocument,
    variables: { userId: email, userIdType: 'EMAIL' },
  })
  if (found.data === undefined) return `Not asked: ${found.error?.message}`
  const user = found.data.userMfa
  if (user.__typename !== 'UserMfa') return `${user.code}: ${user.message}`
  desk.show(`${user.posture}: ${describeFactors(user.factors)}`)

  const who: PreviewChangeMutationVariables = { userId: email, userIdType: 'EMAIL', disable: ['SMS'] }
  const preview = await client.mutate({ mutation: PreviewChangeDocument, variables: who })
  const forecast = preview.data?.setUserMfaStatus
  if (forecast === undefined) return `Not asked: ${preview.error?.message}`
  if (forecast.__typename !== 'SetUserMfaStatusSuccess') return describe(forecast)
  desk.show(`would be ${describeFactors(forecast.userMfa?.factors ?? [])}`)

  let expectedRevision = user.revision
  while (await desk.confirm('Switch SMS off?')) {
    const variables = { ...who, expectedRevision, reason: 'Phone given up' }
    const set = await client.mutate({ mutation: SwitchFactorsDocument, variables })
    if (set.data === undefined) return `In doubt: ${set.error?.message}`
    const result = set.data.setUserMfaStatus
    if (result.__typename !== 'MfaRevisionConflictError') return describe(result)
    desk.show(`changed by somebody else: ${describeFactors(result.current.factors)}`)
    expectedRevision = result.current.revision
  }
  return 'left as it was'
}

function describe(result: SetResult): string {
  switch (result.__typename) {
    case 'SetUserMfaStatusSuccess':
      return `${result.applied ? 'done' : 'nothing to do'}: ${describeFactors(result.userMfa?.factors ?? [])}`
    case 'MfaInvalidInputError':
      return result.fieldErrors.map(({ path, message }) => `${path.join('.')}: ${message}`).join(' ')
    case 'MfaRevisionConflictError':
      return `changed by somebody else: ${describeFactors(result.current.factors)}`
    case 'MfaUpstreamUnavailableError':
      return result.outcome === 'UNKNOWN' ? 'In doubt: look the user up again.' : 'Not done: try again later.'
    case 'MfaRateLimitedError':
      return 'Too many requests: try again later.'
    case 'MfaStepUpRequiredError':
      return 'Sign in again, then repeat.'
    case 'MfaUserNotFoundError':
    case 'MfaAmbiguousUserError':
    case 'MfaPolicyViolationError':
    case 'MfaPlanRequiredError':
    case 'MfaUpstreamForbiddenError':
    case 'MfaConflictError':
    case 'MfaOperationRefusedError':
    case 'MfaDuplicateUserError':
    case 'MfaNotAttemptedError':
      return `${result.code}: ${result.message}`
    default:
      return describeUnknown(result)
  }
}
