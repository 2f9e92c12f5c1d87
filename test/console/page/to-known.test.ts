import { expect, it } from 'vitest'
import { toKnown } from '../../../console/api/to-known.ts'
import type { WritePayload } from '../../../console/api/to-write-ends.ts'

const ERROR = { code: 'X', message: 'The message.', retryable: false, requestId: 'r' }
const of = (payload: WritePayload) => ({ kind: 'DATA', data: { any: payload }, failures: [] }) as const

it.each([
  { __typename: 'AnySuccess', applied: true },
  { __typename: 'AnyPreview' },
  { __typename: 'MfaLaterError', ...ERROR },
])('a result of the type $__typename stays as it is', payload => {
  expect(toKnown(of(payload))).toEqual(of(payload))
})

it('a result of another type says no more than a request without a response', () => {
  expect(toKnown(of({ __typename: 'LaterResult' }))).toMatchObject({
    kind: 'FAILED',
    failure: { isExecuted: 'UNKNOWN' },
  })
})
