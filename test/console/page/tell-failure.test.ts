import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isRequestCode } from '../../../console/api/request-codes.ts'
import { isMfaFailure, tellMfaFailure, tellRequestFailure } from '../../../console/api/tell-failure.ts'
import { toRequestFailure } from '../../../console/api/to-request-failure.ts'
import { en } from '../../../console/texts/en.ts'
import { zhCn } from '../../../console/texts/zh-cn.ts'
import { ERROR_CODES } from '../../../src/execution/error-codes.ts'

const possibleTypes: Record<string, string[]> = JSON.parse(
  readFileSync(new URL('../../../possibleTypes.json', import.meta.url), 'utf8'),
)
const TYPES = possibleTypes['MfaError'] ?? []
const ERROR = { code: 'X', message: 'The message of the server.', retryable: false, requestId: 'r' }
const REQUEST = { isExecuted: 'UNKNOWN', requestId: null, retryAfterMs: null } as const
const LANGUAGES = [
  ['English', en.failures],
  ['Chinese', zhCn.failures],
] as const

describe.each(LANGUAGES)('a failure is told in %s', (_, texts) => {
  it.each(TYPES)('if it is a %s', __typename => {
    const told = tellMfaFailure({ ...ERROR, __typename }, texts)
    expect([told.title, told.explanation, told.nextStep].filter(text => text.length < 3)).toEqual([])
    expect(told.explanation).not.toContain(ERROR.message)
  })

  it.each(ERROR_CODES)('if its code is %s', code => {
    const told = tellRequestFailure({ ...REQUEST, code }, texts)
    expect([told.title, told.explanation, told.nextStep].filter(text => text.length < 3)).toEqual([])
  })

  it('in the words of the server if it is of a later version', () => {
    const told = tellMfaFailure({ ...ERROR, __typename: 'MfaLaterError', retryable: true }, texts)
    expect(told).toMatchObject({ explanation: ERROR.message, action: 'TRY_AGAIN' })
  })
})

it('every code of the server is known to the page, and no other', () => {
  expect(ERROR_CODES.filter(code => !isRequestCode(code))).toEqual([])
  expect(['constructor', '__proto__', 'X', 1, null].filter(isRequestCode)).toEqual([])
})

it.each([
  ['UNKNOWN', 'LOOK_AGAIN', true],
  ['NOT_APPLIED', 'TRY_AGAIN', false],
  [null, 'TRY_AGAIN', false],
] as const)('an outcome %s leads to %s, and is in doubt: %s', (outcome, action, isInDoubt) => {
  const failure = { ...ERROR, __typename: 'MfaUpstreamUnavailableError', outcome }
  expect(tellMfaFailure(failure, en.failures)).toMatchObject({ action, isInDoubt })
})

it.each([
  ['MfaPolicyViolationError', { rule: 'REASON_REQUIRED' }, 'A change like this needs a reason.'],
  ['MfaNotRevertibleError', { why: 'NOT_APPLIED' }, 'The change was never made.'],
  ['MfaRateLimitedError', { origin: 'LAYER' }, en.failures.origins['LAYER']],
])('a %s with %j says %j', (__typename, more, explanation) => {
  expect(tellMfaFailure({ ...ERROR, __typename, ...more }, en.failures).explanation).toBe(explanation)
})

describe('a request without a result', () => {
  const coded = (code: string, status = 200, headers = {}) =>
    toRequestFailure({
      graphQLErrors: [{ extensions: { code, requestId: 'r' } }] as never,
      response: new Response('', { status, headers }),
    })[0]
  const broken = (name: string, response?: Response) => {
    const networkError = Object.assign(new Error('x'), { name })
    return toRequestFailure({ networkError, graphQLErrors: [], response })[0]
  }

  it.each<[what: string, failure: ReturnType<typeof coded>, inDoubt: boolean, action: string]>([
    ['401', coded('UNAUTHENTICATED', 401), false, 'SIGN_IN'],
    ['a missing right', coded('FORBIDDEN'), false, 'NONE'],
    ['an overload', coded('OVERLOADED', 503), false, 'TRY_AGAIN'],
    ['another release', coded('DOCUMENT_ID_UNKNOWN', 400), false, 'RELOAD'],
    ['no journal', coded('AUDIT_UNAVAILABLE', 503), false, 'TRY_AGAIN'],
    ['a store that was lost', coded('STORE_UNAVAILABLE', 503), true, 'TRY_AGAIN'],
    ['a fault', coded('INTERNAL_SERVER_ERROR', 500), true, 'TRY_AGAIN'],
    ['a later code', coded('LATER'), true, 'TRY_AGAIN'],
    ['no network', broken('TypeError'), true, 'TRY_AGAIN'],
    ['no answer in time', broken('TimeoutError'), true, 'TRY_AGAIN'],
    ['the page of a proxy', broken('SyntaxError', new Response('<p>', { status: 502 })), true, 'TRY_AGAIN'],
  ])('because of %s tells a change as it is', (_, failure, inDoubt, action) => {
    if (failure === undefined) throw new Error('There is no failure')
    expect(tellRequestFailure(failure, en.failures).action).toBe(action)
    const told = tellRequestFailure(failure, en.failures, true)
    expect([told.isInDoubt, told.action]).toEqual([inDoubt, inDoubt ? 'LOOK_AGAIN' : action])
  })

  it('says how long to wait', () => {
    expect(coded('TOO_MANY_REFUSALS', 429, { 'retry-after': '7' })?.retryAfterMs).toBe(7_000)
  })
})

it('an error is told by what it has, and a result is none', () => {
  expect(isMfaFailure({ __typename: 'MfaLaterError', ...ERROR })).toBe(true)
  expect(isMfaFailure({ __typename: 'UserMfa' })).toBe(false)
})
