import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { systemClock } from '../../src/base/clock.ts'
import { createDeadline } from '../../src/base/deadline.ts'
import { createAttempt } from '../../src/genauth/attempt.ts'
import type { Credentials } from '../../src/genauth/credentials/credentials.ts'
import { createLanes, type Lanes } from '../../src/genauth/lane.ts'
import { succeed } from '../../src/mfa/failure.ts'
import { createPermit } from '../../src/throttle/permit.ts'

const silent = pino({ level: 'silent' })

/** What may happen while a call waits for its permit. */
interface Meanwhile {
  readonly lanes: Lanes
  leave(): void
  loseToken(): void
}

/** One call that gets its permit, and what came of both. */
async function attemptOnce(meanwhile: (happen: Meanwhile) => void) {
  const lanes = createLanes(silent, null)
  let [isWanted, hasToken, acquired, ended, sent] = [true, true, 0, 0, 0]
  const credentials: Credentials = {
    prepare: async () => succeed(undefined),
    authorize: () => (hasToken ? {} : null),
    reject() {},
    canRenew: true,
    useKey: async () => {},
    isReady: () => true,
  }
  const attempt = createAttempt({
    transport: {
      async send({ onSent }) {
        sent++
        onSent()
        return { kind: 'NONE', reason: 'CONNECTION_LOST', isLate: false, cause: null }
      },
      async close() {},
    },
    credentials,
    throttle: {
      async acquire() {
        acquired++
        meanwhile({
          lanes,
          leave() {
            isWanted = false
          },
          loseToken() {
            hasToken = false
          },
        })
        return succeed(createPermit(() => ended++))
      },
      slowDown() {},
    },
    lanes,
    timeoutMs: 1_000,
    log: silent,
    observer: null,
  })
  const call = {
    kind: 'READ',
    method: 'GET',
    endpoint: 'get-mfa-status',
    params: {},
    subject: '',
    data: z.unknown(),
  } as const
  const deadline = createDeadline(5_000, systemClock)
  const operation = {
    deadline,
    callerKey: 'a',
    priority: 'READ',
    isWanted: () => isWanted,
    onWait: () => () => {},
    trace: null,
  } as const
  await attempt(call, operation)
  return { acquired, ended, sent }
}

describe('a permit', () => {
  it('that is used ends when the request is sent', async () => {
    expect(await attemptOnce(() => {})).toEqual({ acquired: 1, ended: 1, sent: 1 })
  })

  it.each<[string, (happen: Meanwhile) => void]>([
    ['whose caller has left', ({ leave }) => leave()],
    ['without a token any more', ({ loseToken }) => loseToken()],
    [
      'without a free connection any more',
      ({ lanes }) => {
        lanes.READ.inFlight = 1_000
      },
    ],
    [
      'before a breaker that has opened',
      ({ lanes }) => {
        for (let call = 0; call < 100; call++) {
          lanes.READ.breaker.enter({ callerKey: 'a', subject: `u${call}` })?.('BAD')
        }
      },
    ],
  ])('%s is given back', async (_, happens) => {
    expect(await attemptOnce(happens)).toEqual({ acquired: 1, ended: 1, sent: 0 })
  })
})
