import type { Client } from '@urql/core'
import type { ResultOf, VariablesOf } from 'gql.tada'
import { type Desk, describeFactors, describeUnknown } from './desk.ts'
import { FindUser, PreviewChange, SwitchFactors } from './urql-documents.ts'

type SetResult = ResultOf<typeof SwitchFactors>['setUserMfaStatus']

/**
 * Finds a user and shows the effect of switching SMS off. If the operator agrees and nobody has changed the user since,
 * it makes the change. Otherwise it shows the current state and asks again.
 *
 * @returns the end of the story, for the operator
 */
export async function switchOffSmsWithUrql(client: Client, email: string, desk: Desk): Promise<string> {
  const found = await client.query(FindUser, { userId: email, userIdType: 'EMAIL' }).toPromise()
  if (found.data === undefined) return `Not asked: ${found.error?.message}`
  const user = found.data.userMfa
  if (user.__typename !== 'UserMfa') return `${user.code}: ${user.message}`
  desk.show(`${user.account?.displayName ?? user.id}, ${user.posture}: ${describeFactors(user.factors)}`)

  const variables: VariablesOf<typeof PreviewChange> = { userId: user.id, disable: ['SMS'] }
  let expectedRevision = user.revision
  for (;;) {
    const preview = await client.mutation(PreviewChange, { ...variables, expectedRevision }).toPromise()
    const forecast = preview.data?.setUserMfaStatus
    if (forecast === undefined) return `Not asked: ${preview.error?.message}`
    if (forecast.__typename !== 'SetUserMfaStatusPreview') return describe(forecast)
    desk.show(`would be ${describeFactors(forecast.after.factors)}`)
    if (!(await desk.confirm('Switch SMS off?'))) return 'left as it was'

    const { userId, expectedRevision: previewed } = forecast
    const change = { ...variables, userId, expectedRevision: previewed, reason: 'Phone given up' }
    const set = await client.mutation(SwitchFactors, change).toPromise()
    if (set.data === undefined) return `In doubt: ${set.error?.message}`
    const result = set.data.setUserMfaStatus
    if (result.__typename !== 'MfaRevisionConflictError') return describe(result)
    desk.show(`changed by somebody else: ${describeFactors(result.current.factors)}`)
    expectedRevision = result.current.revision
  }
}

function describe(result: SetResult): string {
  switch (result.__typename) {
    case 'SetUserMfaStatusSuccess':
      return `${result.applied ? 'done' : 'nothing to do'}: ${describeFactors(result.userMfa.factors)}`
    case 'SetUserMfaStatusPreview':
      return `would be ${describeFactors(result.after.factors)}`
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
      return `${result.code}: ${result.message}`
    default:
      return describeUnknown(result)
  }
}
