import { describe, expect, it } from 'vitest'
import { classify } from '../../src/genauth/classify.ts'
import { createRetryBudget, toWaitMs } from '../../src/genauth/retry.ts'
import type { CallKind, Reply } from '../../src/genauth/transport.ts'

const envelope = (statusCode: number, apiCode: number | null = null, retryAfterMs: number | null = null) =>
  ({ kind: 'ENVELOPE', httpStatus: 200, retryAfterMs, envelope: { statusCode, apiCode } }) as const
const page = (httpStatus: number) =>
  ({ kind: 'NOT_AN_ENVELOPE', httpStatus, retryAfterMs: null, cause: null }) as const
const none = (reason: Extract<Reply, { kind: 'NONE' }>['reason']) =>
  ({ kind: 'NONE', reason, isLate: false, cause: null }) as const

function isRepeated(kind: CallKind, reply: Reply): boolean {
  const { isTransient, isSafeToRepeat } = classify(kind, reply)
  return isTransient && isSafeToRepeat
}

describe('a call is made again', () => {
  it.each<[string, Reply, boolean, boolean]>([
    ['it never left', none('NOT_SENT'), true, true],
    ['nobody can be trusted there', none('UNSENDABLE'), false, false],
    ['the connection was lost', none('CONNECTION_LOST'), true, false],
    ['it took too long', none('TIMED_OUT'), true, false],
    ['an HTTP 429', page(429), true, false],
    ['an HTTP 500', page(500), true, false],
    ['an HTTP 502', page(502), true, false],
    ['an HTTP 503, which is ambiguous', page(503), true, false],
    ['an HTTP 504', page(504), true, false],
    ['an HTTP 501', page(501), false, false],
    ['a page in place of an answer', page(200), false, false],
    ['a redirect', page(307), false, false],
    ['a success', envelope(200), false, false],
    ['429 in the envelope', envelope(429), true, true],
    ['500 in the envelope', envelope(500), true, false],
    ['502 in the envelope', envelope(502), true, false],
    ['503 in the envelope', envelope(503), true, false],
    ['504 in the envelope', envelope(504), true, false],
    ['503 with "signature already used"', envelope(503, 1306), true, false],
    ['503 with "no such user"', envelope(503, 2004), false, false],
    ['a failed script of a customer', envelope(602), false, false],
    ['a refusal', envelope(422), false, false],
    ['refused credentials', envelope(401), false, false],
  ])('or not, after %s', (_what, reply, read, write) => {
    expect([isRepeated('READ', reply), isRepeated('WRITE', reply)]).toEqual([read, write])
  })
})

describe('the wait before the next attempt', () => {
  it.each<[string, Reply, number, number, number]>([
    ['is anything from nothing', none('NOT_SENT'), 1, 0, 0],
    ['to a tenth of a second', none('NOT_SENT'), 1, 1, 100],
    ['and twice that after the second', none('NOT_SENT'), 2, 1, 200],
    ['is longer where there were too many', page(429), 1, 1, 500],
    ['has a limit', page(429), 9, 1, 2_000],
    ['keeps to what the answer asks for', envelope(429, null, 3_000), 1, 0, 3_000],
    ['and a little more, lest all come back at once', envelope(503, null, 3_000), 1, 0.5, 3_050],
  ])('%s', (_what, reply, attempt, random, waitMs) => {
    expect(toWaitMs(classify('READ', reply), attempt, random)).toBe(waitMs)
  })
})

describe('the budget for repetitions', () => {
  it('is ten in an outage, however many calls fail', () => {
    const budget = createRetryBudget()
    expect(Array.from({ length: 1_000 }, () => budget.spend('a')).filter(Boolean)).toHaveLength(10)
  })

  it('is a tenth of the calls that succeed, and saves up no more than ten', () => {
    const budget = createRetryBudget()
    for (let call = 0; call < 1_000; call++) budget.earn('a')
    let spent = 0
    while (budget.spend('a')) spent++
    expect(spent).toBe(10)
    for (let call = 0; call < 40; call++) budget.earn('a')
    while (budget.spend('a')) spent++
    expect(spent).toBeGreaterThanOrEqual(13)
    expect(spent).toBeLessThanOrEqual(14)
  })

  it('cannot be spent by one whose calls fail while others earn', () => {
    const budget = createRetryBudget()
    const spentBy = (caller: string) =>
      Array.from({ length: 100 }, () => budget.spend(caller)).filter(Boolean).length
    expect(spentBy('failing')).toBe(10)
    for (let call = 0; call < 50; call++) budget.earn('served')
    expect(spentBy('failing')).toBe(0)
    expect(spentBy('served')).toBeGreaterThanOrEqual(4)
    for (let call = 0; call < 50; call++) budget.earn('failing')
    expect(spentBy('failing')).toBeGreaterThanOrEqual(4)
  })
})
