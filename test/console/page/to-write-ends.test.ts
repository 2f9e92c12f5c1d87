import { expect, it } from 'vitest'
import type { Result } from '../../../console/api/client.ts'
import { toWriteEnds, type WriteData, type WritePayload } from '../../../console/api/to-write-ends.ts'

const ERROR = { code: 'X', message: 'The message.', retryable: false, requestId: 'r' }
const of = (payload: WritePayload): Result<WriteData> => ({
  kind: 'DATA',
  data: { any: payload },
  failures: [],
})
const failed = (isExecuted: 'NO' | 'UNKNOWN'): Result<WriteData> => ({
  kind: 'FAILED',
  failure: { code: 'NETWORK', isExecuted, requestId: null, retryAfterMs: null },
})
const success = (more: Omit<WritePayload, '__typename'>) => ({
  __typename: 'SetUserMfaStatusSuccess',
  ...more,
})
const error = (outcome: string | null) => ({
  __typename: 'MfaUpstreamUnavailableError',
  ...ERROR,
  outcome,
  observed: null,
})
const PARTLY_REFUSED = { ...error(null), observed: {} }

it.each<[what: string, result: Result<WriteData>, ends: readonly string[]]>([
  ['a success', of(success({})), ['DONE']],
  ['a success that has written', of(success({ applied: true })), ['DONE']],
  ['a success that had nothing to write', of(success({ applied: false })), ['UNCHANGED']],
  ['a scan that ran already', of(success({ started: false })), ['UNCHANGED']],
  ['an error', of(error(null)), ['NOT_DONE']],
  ['an error that is proven to have changed nothing', of(error('NOT_APPLIED')), ['NOT_DONE']],
  ['an error in doubt', of(error('UNKNOWN')), ['UNKNOWN']],
  ['an error with an outcome of a later version', of(error('PARTLY')), ['UNKNOWN']],
  ['a refusal of the last step', of(PARTLY_REFUSED), ['UNKNOWN']],
  ['an error of a later version', of({ ...error(null), __typename: 'MfaLaterError' }), ['UNKNOWN']],
  ['a preview', of({ __typename: 'SetUserMfaStatusPreview' }), ['UNKNOWN']],
  ['a type of a later version', of({ __typename: 'LaterResult' }), ['UNKNOWN']],
  ['a success of a later version', of({ __typename: 'SetUserMfaStatusQueuedSuccess' }), ['UNKNOWN']],
  ['data without a payload', { kind: 'DATA', data: {}, failures: [] }, ['UNKNOWN']],
  ['a request that was not executed', failed('NO'), ['NOT_DONE']],
  ['a request without a response', failed('UNKNOWN'), ['UNKNOWN']],
  [
    'the results of several people',
    of(
      success({
        results: [success({ applied: true }), error(null), error('UNKNOWN')].map(payload => ({
          ref: { userId: 'u' },
          payload,
        })),
      }),
    ),
    ['DONE', 'NOT_DONE', 'UNKNOWN'],
  ],
])('%s ends a write as what it is', (_, result, ends) => {
  expect(toWriteEnds(result)).toEqual(ends)
})
