import type { Client } from '@urql/core'
import type { ResultOf } from 'gql.tada'
import { type Desk, describeFactors, describeUnknown } from './desk.ts'
import { UndoChange } from './urql-documents.ts'

type UndoResult = ResultOf<typeof UndoChange>['revertMfaChange']

/**
 * Shows the effect of undoing a change, which has its id from the history of the user. If the operator agrees, it
 * undoes the change.
 *
 * @returns the end of the story, for the operator
 */
export async function undoChangeWithUrql(client: Client, changeId: string, desk: Desk): Promise<string> {
  const preview = await client.mutation(UndoChange, { changeId, dryRun: true }).toPromise()
  const forecast = preview.data?.revertMfaChange
  if (forecast === undefined) return `Not asked: ${preview.error?.message}`
  if (forecast.__typename !== 'SetUserMfaStatusPreview') return describe(forecast)
  desk.show(`would be ${describeFactors(forecast.after.factors)}`)
  if (!(await desk.confirm('Undo the change?'))) return 'left as it was'

  const undo = await client.mutation(UndoChange, { changeId, reason: 'Wrong person' }).toPromise()
  return undo.data === undefined ? `In doubt: ${undo.error?.message}` : describe(undo.data.revertMfaChange)
}

function describe(result: UndoResult): string {
  switch (result.__typename) {
    case 'SetUserMfaStatusSuccess':
      return `undone: ${describeFactors(result.userMfa.factors)}`
    case 'SetUserMfaStatusPreview':
      return `would be ${describeFactors(result.after.factors)}`
    case 'MfaRevisionConflictError':
      return `changed since: ${describeFactors(result.current.factors)}`
    case 'MfaNotRevertibleError':
      return `${result.why}: ${result.message}`
    case 'MfaUpstreamUnavailableError':
      return result.outcome === 'UNKNOWN' ? 'In doubt: look the user up again.' : 'Not done: try again later.'
    case 'MfaInvalidInputError':
    case 'MfaChangeNotFoundError':
    case 'MfaFeatureOffError':
    case 'MfaUserNotFoundError':
    case 'MfaPolicyViolationError':
    case 'MfaStepUpRequiredError':
    case 'MfaRateLimitedError':
    case 'MfaPlanRequiredError':
    case 'MfaUpstreamForbiddenError':
    case 'MfaConflictError':
    case 'MfaOperationRefusedError':
      return `${result.code}: ${result.message}`
    default:
      return describeUnknown(result)
  }
}
