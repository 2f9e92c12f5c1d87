import { GraphQLError } from 'graphql'
import { expect, it } from 'vitest'
import { createErrorMask } from '../../src/execution/error-mask.ts'
import { createLog } from '../../src/log.ts'
import { CANARY } from '../support/canaries.ts'

const mask = createErrorMask(createLog('silent'))

it.each([
  ['an error of ours', new Error(CANARY.mfaToken)],
  ['what is no error', CANARY.mfaToken],
  ['a GraphQL error without a code', new GraphQLError(`Int cannot represent ${CANARY.phone}`)],
  [
    'a GraphQL error with a code of somebody else',
    new GraphQLError(CANARY.phone, { extensions: { code: 'UPSTREAM_SAYS' } }),
  ],
  [
    'a GraphQL error around one of ours',
    new GraphQLError(CANARY.phone, { originalError: new Error(CANARY.email) }),
  ],
])('%s leaves as an unexpected one, with nothing of what it said', (_kind, error) => {
  const masked = mask(error)
  expect(JSON.stringify(masked)).toBe(
    '{"message":"Unexpected error.","extensions":{"code":"INTERNAL_SERVER_ERROR"}}',
  )
  expect(masked.originalError).toBeUndefined()
})

it('keeps where an unexpected error arose', () => {
  expect(mask(new GraphQLError('x', { path: ['userMfa', 'posture'] })).path).toEqual(['userMfa', 'posture'])
})

it('passes an error with a code of ours as it is', () => {
  const error = new GraphQLError('GenAuth could not be asked.', {
    extensions: { code: 'UPSTREAM_UNAVAILABLE' },
  })
  expect(mask(error)).toBe(error)
})
