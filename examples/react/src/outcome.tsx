import { CombinedGraphQLErrors } from '@apollo/client/errors'
import type { SetResultFieldsFragment } from '../generated/graphql.ts'
import { Reference } from './reference.tsx'
import { CONTACTS, describeChange, nameFactor, RULES } from './words.ts'

type Result = SetResultFieldsFragment

export interface Answer {
  readonly asked: 'preview' | 'change'
  /** `undefined` if the server sent none. */
  readonly result: Result | undefined
  readonly error: Error | undefined
}

/** Says in plain words how a preview or a change has ended. */
export function Outcome({ answer: { asked, result, error } }: { answer: Answer }) {
  if (result === undefined) {
    return (
      <>
        <strong>
          {asked === 'preview'
            ? 'There is no preview.'
            : 'It is not known whether the change was made. Find the user again before you decide.'}
        </strong>
        <p>{CombinedGraphQLErrors.is(error) ? error.message : 'The server has not answered.'}</p>
      </>
    )
  }
  return (
    <>
      <strong>{describe(result)}</strong>
      {'changes' in result ? (
        <Differences of={result} />
      ) : (
        <p>
          <Reference of={result} />
        </p>
      )}
    </>
  )
}

function describe(result: Result): string {
  switch (result.__typename) {
    case 'SetUserMfaStatusPreview':
      return result.changed ? 'This would change. Nothing is written yet.' : 'Nothing would change.'
    case 'SetUserMfaStatusSuccess':
      if (!result.applied) return 'There was nothing to do.'
      return result.verified ? 'Done, and read back from GenAuth.' : 'Done, as GenAuth says.'
    case 'MfaRevisionConflictError':
      return 'Somebody else has changed this user. Your change was not made. The state above is the one now.'
    case 'MfaInvalidInputError': {
      const messages = result.fieldErrors.map(({ message }) => message).join(' ')
      return `Nothing was changed. ${messages}`
    }
    case 'MfaStepUpRequiredError':
      return `Nothing was changed. Sign in again with your own second factor, at most ${Math.ceil(result.maxAgeS / 60)} minutes before the change.`
    case 'MfaPolicyViolationError':
      return `Nothing was changed. ${RULES[result.rule]}`
    case 'MfaUpstreamUnavailableError':
      if (result.outcome !== 'UNKNOWN')
        return 'Nothing was changed. GenAuth cannot be used now: try again later.'
      return result.observed === null
        ? 'The change may have been made. Find the user again before you decide.'
        : 'The change may have been made, or may still be made. The state above was read after it. Find the user again before you decide.'
    case 'MfaRateLimitedError':
      return 'Nothing was changed. There were too many requests: wait, then repeat.'
    case 'MfaUserNotFoundError':
    case 'MfaAmbiguousUserError':
    case 'MfaPlanRequiredError':
    case 'MfaUpstreamForbiddenError':
    case 'MfaConflictError':
    case 'MfaOperationRefusedError':
      return `Nothing was changed. ${result.message}`
    default:
      return describeUnknown(result)
  }
}

/** Does not compile while a type is missing above. At run time it names a type that is newer than this page. */
function describeUnknown(result: never): string {
  const { message }: { message?: string } = result
  return `This page does not know how it ended. Find the user again before you decide. ${message ?? ''}`
}

function Differences({ of }: { of: Extract<Result, { changes: unknown }> }) {
  const { changes, contactChanges, warnings } = of
  return (
    <>
      <ul>
        {changes.map(change => (
          <li key={change.code}>
            {nameFactor(change.code)}: {describeChange(change)}
          </li>
        ))}
        {contactChanges.map(({ field, before, after }) => (
          <li key={field}>
            {CONTACTS[field]}: {before ?? 'none'} → {after ?? 'none'}
          </li>
        ))}
      </ul>
      {warnings === null && <p>Warnings could not be read.</p>}
      {warnings?.map(({ code, message }) => (
        <p key={code}>Warning: {message}</p>
      ))}
    </>
  )
}
