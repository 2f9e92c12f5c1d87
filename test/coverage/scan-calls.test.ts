import { describe, expect, it } from 'vitest'
import type { ScanUpstream } from '../../src/coverage/scan-upstream.ts'
import { type Called, ScanCalls } from '../../src/coverage/scanning/scan-calls.ts'
import type { CallContext } from '../../src/mfa/call-context.ts'
import { fail, notSent, succeed, type UpstreamFailure, type UpstreamResult } from '../../src/mfa/failure.ts'
import { createHandClock } from '../support/hand-clock.ts'

const neverCalled = () => Promise.reject(new Error('The test makes its own calls'))
const UPSTREAM: ScanUpstream = {
  readMfa: neverCalled,
  readBindings: neverCalled,
  readGlobalFactors: neverCalled,
  listUsers: neverCalled,
  listGroupMembers: neverCalled,
  listDepartments: neverCalled,
  findApplication: neverCalled,
  searchUsers: neverCalled,
}

function begin(perSecond = 100) {
  const clock = createHandClock()
  const contexts: CallContext[] = []
  const stop = new AbortController()
  const upstreamFor = (context: CallContext) => {
    contexts.push(context)
    return UPSTREAM
  }
  const calls = new ScanCalls({ perSecond, stop: stop.signal, clock, upstreamFor })
  return { calls, clock, contexts, stop }
}

const UNANSWERED: UpstreamFailure = { ...notSent(), reason: 'TIMED_OUT' }
const CROWDED: UpstreamFailure = { kind: 'RATE_LIMITED', upstream: null, retryAfterMs: null, origin: 'LAYER' }
const REFUSED: UpstreamFailure = { kind: 'OPERATION_REFUSED', upstream: null }

describe('the calls of a scan', () => {
  it('are spaced evenly, and make up for a short silence alone', async () => {
    const { calls, clock } = begin(100)
    const times: number[] = []
    const make = (count: number) => {
      for (let n = 0; n < count; n++) {
        void calls.make(async () => succeed(times.push(clock.monotonic())))
      }
    }
    make(4)
    await clock.advance(90)
    expect(times.splice(0)).toEqual([0, 10, 20, 30])
    make(8)
    await clock.advance(1_000)
    // Five of them are those that could have been made since.
    expect(times.splice(0)).toEqual([90, 90, 90, 90, 90, 90, 100, 110])
    make(40)
    await clock.advance(1_000)
    expect(times.filter(ms => ms === 1_090)).toHaveLength(26)
    expect(calls.takeCount()).toBe(52)
    expect(calls.takeCount()).toBe(0)
  })

  it('are those of a caller of its own, in the background, with time to wait', async () => {
    const { calls, clock, contexts, stop } = begin()
    void calls.make(async () => succeed(1))
    await clock.advance(0)
    const [context] = contexts
    expect(context).toMatchObject({
      priority: 'BACKGROUND',
      callerKey: 'coverage scan',
      sharesConnections: true,
    })
    expect(context?.deadline.remainingMs()).toBe(60_000)
    expect(context?.isWanted()).toBe(true)
    stop.abort()
    expect(context?.isWanted()).toBe(false)
  })

  it.each<{
    name: string
    failures: readonly UpstreamFailure[]
    made: number
    called: Called<string>['kind']
    isSent?: boolean
  }>([
    { name: 'a refusal', failures: [REFUSED], made: 1, called: 'REFUSED' },
    { name: 'one without an answer', failures: [UNANSWERED], made: 2, called: 'ANSWERED' },
    { name: 'two without an answer', failures: [UNANSWERED, UNANSWERED], made: 3, called: 'ANSWERED' },
    {
      name: 'none with an answer',
      failures: Array(9).fill(UNANSWERED),
      made: 3,
      called: 'UNANSWERED',
      isSent: true,
    },
    {
      name: 'none that is sent',
      failures: Array(9).fill(notSent()),
      made: 3,
      called: 'UNANSWERED',
      isSent: false,
    },
    { name: 'no place for long', failures: Array(20).fill(CROWDED), made: 21, called: 'ANSWERED' },
    {
      name: 'no place at all',
      failures: Array(99).fill(CROWDED),
      made: 21,
      called: 'UNANSWERED',
      isSent: false,
    },
    {
      name: 'no place, then no answer',
      failures: [CROWDED, UNANSWERED, CROWDED],
      made: 4,
      called: 'ANSWERED',
    },
    {
      name: 'an endpoint that is not there',
      failures: [{ ...notSent(), reason: 'UNSUPPORTED' }],
      made: 1,
      called: 'REFUSED',
    },
  ])('with $name: $made and $called', async ({ failures, made, called, isSent }) => {
    const { calls, clock } = begin()
    const left = [...failures]
    const making = calls.make(async (): Promise<UpstreamResult<string>> => {
      const failure = left.shift()
      return failure === undefined ? succeed('value') : fail(failure)
    })
    await clock.advance(60_000)
    const result = await making
    expect([result.kind, calls.takeCount()]).toEqual([called, made])
    if (result.kind === 'UNANSWERED') expect(result.isSent).toBe(isSent)
  })

  it('are not made again after eight in a row without an answer', async () => {
    const { calls, clock } = begin()
    const silent = () => calls.make(async () => fail(UNANSWERED))
    const making = Promise.all(Array.from({ length: 8 }, silent))
    await clock.advance(10_000)
    expect((await making).map(({ kind }) => kind)).toEqual(Array(8).fill('UNANSWERED'))
    expect(calls.takeCount()).toBe(15)
    const [again] = [silent()]
    await clock.advance(10_000)
    expect([(await again).kind, calls.takeCount()]).toEqual(['UNANSWERED', 1])

    void calls.make(async () => succeed(1))
    void silent()
    await clock.advance(10_000)
    expect(calls.takeCount()).toBe(4)
  })

  it('wait as long as they are told, up to ten seconds', async () => {
    const { calls, clock } = begin()
    const times: number[] = []
    const waits = [700, 3_600_000]
    void calls.make(async () => {
      times.push(clock.monotonic())
      const retryAfterMs = waits.shift()
      return retryAfterMs === undefined ? succeed(1) : fail({ ...CROWDED, retryAfterMs })
    })
    await clock.advance(60_000)
    expect(times).toEqual([0, 700, 10_700])
  })

  it('end at once when the scan must stop', async () => {
    const { calls, clock, stop } = begin(0.1)
    void calls.make(async () => succeed(1))
    const waiting = [
      calls.make(async () => succeed(2)),
      calls.make(async () => fail(UNANSWERED)),
      calls.make(async () => fail(CROWDED)),
    ]
    await clock.advance(15_000)
    stop.abort()
    expect((await Promise.all(waiting)).map(({ kind }) => kind)).toEqual([
      'ANSWERED',
      'UNANSWERED',
      'UNANSWERED',
    ])
    expect(clock.scheduled).toBe(0)
    expect(await calls.make(async () => succeed(1))).toEqual({ kind: 'UNANSWERED', isSent: false })
  })
})
