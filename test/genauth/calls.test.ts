import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createDeadline } from '../../src/base/deadline.ts'
import { Events } from '../../src/base/events.ts'
import { Bulkhead } from '../../src/genauth/bulkhead.ts'
import { createCalls } from '../../src/genauth/calls.ts'
import { CircuitBreaker } from '../../src/genauth/circuit-breaker.ts'
import type { Credentials } from '../../src/genauth/credentials/credentials.ts'
import { createRetryBudget } from '../../src/genauth/retry.ts'
import type { UpstreamEvents } from '../../src/genauth/upstream-observer.ts'
import { succeed } from '../../src/mfa/failure.ts'
import { createPermit } from '../../src/throttle/throttle.ts'
import { createHandClock } from '../support/hand-clock.ts'

const CONNECTIONS = 250

/** What may happen while a call waits for its permit. */
interface Meanwhile {
  leave(): void
  loseToken(): void
  takeAllConnections(): void
  openBreaker(): void
}

/** One call that gets its permit, and what came of both. */
async function callOnce(meanwhile: (happen: Meanwhile) => void) {
  const clock = createHandClock()
  const breakers = { READ: new CircuitBreaker({ clock }), WRITE: new CircuitBreaker({ clock }) }
  const bulkheads = { READ: new Bulkhead(CONNECTIONS, clock), WRITE: new Bulkhead(CONNECTIONS, clock) }
  let [isWanted, hasToken, acquired, ended, sent] = [true, true, 0, 0, 0]
  const skipped: string[] = []
  const happen: Meanwhile = {
    leave() {
      isWanted = false
    },
    loseToken() {
      hasToken = false
    },
    takeAllConnections() {
      for (let taken = 0; taken < CONNECTIONS; taken++)
        bulkheads.READ.enter({ callerKey: 'b', priority: 'READ' })
    },
    openBreaker() {
      for (let call = 0; call < 100; call++) {
        breakers.READ.enter({ callerKey: 'a', subject: `u${call}` })?.('BAD')
      }
    },
  }
  const credentials: Credentials = {
    prepare: async () => succeed(undefined),
    authorize: () => (hasToken ? {} : null),
    reject() {},
    canRenew: true,
    useKey: async () => {},
    isReady: () => true,
    userPoolId: null,
  }
  const events = new Events<UpstreamEvents>()
  events.on('notSent', ({ reason }) => skipped.push(reason))
  const callsFor = createCalls({
    transport: {
      async send({ onSent }) {
        sent++
        onSent()
        return { kind: 'NONE', reason: 'UNSENDABLE', isLate: false, cause: null }
      },
    },
    credentials,
    throttle: {
      async acquire() {
        acquired++
        meanwhile(happen)
        return succeed(createPermit({ end: () => void ended++ }))
      },
      slowDown() {},
    },
    breakers,
    bulkheads,
    retryBudget: createRetryBudget(),
    timeoutMs: 1_000,
    clock,
    random: () => 0,
    log: pino({ level: 'silent' }),
    observer: { events, tracer: null, clock },
  })
  const makeCall = callsFor({
    deadline: createDeadline(5_000, clock),
    callerKey: 'a',
    priority: 'READ',
    isWanted: () => isWanted,
    onWait: () => () => {},
    trace: null,
  })
  await makeCall({
    kind: 'READ',
    method: 'GET',
    endpoint: 'get-mfa-status',
    params: {},
    subject: '',
    data: z.unknown(),
  })
  return { acquired, ended, sent, skipped }
}

describe('a permit', () => {
  it('that is used ends when the request is sent', async () => {
    expect(await callOnce(() => {})).toEqual({ acquired: 1, ended: 1, sent: 1, skipped: [] })
  })

  it.each<[string, (happen: Meanwhile) => void, string]>([
    ['whose caller has left', ({ leave }) => leave(), 'NOT_WANTED'],
    ['without a token any more', ({ loseToken }) => loseToken(), 'NO_TOKEN'],
    ['without a free connection any more', ({ takeAllConnections }) => takeAllConnections(), 'NO_CONNECTION'],
    ['before a breaker that has opened', ({ openBreaker }) => openBreaker(), 'BREAKER_OPEN'],
  ])('%s is given back', async (_, happens, reason) => {
    expect(await callOnce(happens)).toEqual({ acquired: 1, ended: 1, sent: 0, skipped: [reason] })
  })
})
