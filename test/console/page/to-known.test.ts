import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { tellRequestFailure } from '../../../console/api/tell-failure.ts'
import { toKnown } from '../../../console/api/to-known.ts'
import { en } from '../../../console/texts/en.ts'

const possibleTypes: Record<string, string[]> = JSON.parse(
  readFileSync(new URL('../../../possibleTypes.json', import.meta.url), 'utf8'),
)
const ERRORS = possibleTypes['MfaError'] ?? []
const RESULTS = [...new Set(Object.values(possibleTypes).flat())].filter(type => !ERRORS.includes(type))
const ERROR = { code: 'X', message: 'The message.', retryable: false, requestId: 'r' }
const of = (...payloads: readonly unknown[]) =>
  ({ kind: 'DATA', data: Object.fromEntries(payloads.entries()), failures: [] }) as const

it.each(RESULTS)('a result of the type %s stays as it is', __typename => {
  expect(toKnown(of({ __typename }), false)).toEqual(of({ __typename }))
})

it.each([
  ['an error of a later version', { __typename: 'MfaLaterError', ...ERROR }],
  ['a result without a name of its type', { scopes: [] }],
])('%s stays as it is', (_, payload) => {
  expect(toKnown(of(payload), false)).toEqual(of(payload))
})

it.each([
  ['a type of a later version', of({ __typename: 'LaterResult' })],
  ['a success of a later version', of({ __typename: 'SetUserMfaStatusQueuedSuccess' })],
  ['a name that every object has', of({ __typename: 'constructor' })],
  ['one later type beside a known one', of({ __typename: 'UserMfa' }, { __typename: 'LaterResult' })],
  ['null', of(null)],
  ['nothing', of()],
])('a result with %s says no more than a request without a response', (_, result) => {
  const known = toKnown(result, false)
  if (known.kind !== 'FAILED') throw new Error('It was taken for known')
  expect(tellRequestFailure(known.failure, en.failures, true)).toMatchObject({ isInDoubt: true })
  expect(tellRequestFailure(known.failure, en.failures)).toMatchObject({ action: 'RELOAD' })
})

it.each(ERRORS)('an error of the type %s says what came of a change', __typename => {
  const payload = { __typename, ...ERROR }
  expect(toKnown(of(payload), true)).toEqual(of(payload))
})

it.each<[string, object]>([
  ['an error of a later version', { __typename: 'MfaLaterError', ...ERROR }],
  ...RESULTS.filter(type => type.endsWith('Preview')).map((type): [string, object] => [
    type,
    { __typename: type },
  ]),
])('%s does not say what came of a change', (_, payload) => {
  expect(toKnown(of(payload), true)).toMatchObject({ kind: 'FAILED', failure: { isExecuted: 'UNKNOWN' } })
})
