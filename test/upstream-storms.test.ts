import type { Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { envelope } from './support/answer-faults.ts'
import { startApp, type TestApp } from './support/app.ts'
import { type Asked, expectHonest, KNOWN_TOKEN, lateMs, read, set } from './support/asking.ts'
import { type Fault, startFaultUpstream } from './support/fault-upstream.ts'
import { skipWaits } from './support/hand-clock.ts'

const busy: Fault = ({ answer }) => answer({ status: '503 Busy', body: '<p>' })
const after =
  (ms: number): Fault =>
  ({ answer }) =>
    void setTimeout(ms).then(() => answer())
const many = <T>(count: number, ask: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => ask(index)))
const breakersOf = (app: TestApp) =>
  app.log.filter(line => line.msg === 'circuit breaker').map(({ kind, state }) => `${kind} ${state}`)
const countOf = (answers: readonly Asked[], type: string) =>
  answers.filter(({ payload }) => payload.__typename === type).length

describe.concurrent('tokens', () => {
  it('refused to fifty reads and sets together cost one request, and no write is made twice', async () => {
    await using genauth = await startFaultUpstream()
    await using app = await startApp({ upstream: genauth })
    await read(app, 'first')
    genauth.revokeTokens()
    const answers = await many(50, index =>
      index % 2 === 0 ? read(app, `u${index}`) : set(app, `u${index}`),
    )
    expect(countOf(answers, 'UserMfa') + countOf(answers, 'SetUserMfaStatusSuccess')).toBe(50)
    expect(genauth.requestsOf('get-management-token')).toHaveLength(2)
    expect(new Set(genauth.writes).size).toBe(25)
    expect(genauth.writes).toHaveLength(25)
  })

  it('refused for ever are asked for once a second', async () => {
    await using genauth = await startFaultUpstream()
    await using app = await startApp({ upstream: genauth })
    genauth.behave(({ endpoint }) =>
      endpoint === 'get-management-token' ? null : ({ answer }) => answer({ body: envelope(401) }),
    )
    const startedAtMs = performance.now()
    for (let round = 0; round < 5; round++) {
      await many(10, index => read(app, `u${index}`))
      await setTimeout(100)
    }
    const seconds = (performance.now() - startedAtMs) / 1_000
    expect(genauth.requestsOf('get-management-token').length).toBeLessThanOrEqual(2 + seconds)
  })

  it('that cannot be had are asked for less than twice a second, and calls fail without a wait', {
    tags: 'long',
  }, async ({ expect }) => {
    await using genauth = await startFaultUpstream()
    genauth.behave(() => busy)
    await using app = await startApp({ upstream: genauth })
    const startedAtMs = performance.now()
    for (let round = 0; round < 10; round++) {
      const answers = await many(10, index => set(app, `u${index}`, KNOWN_TOKEN))
      for (const { payload } of answers) expect(payload).toMatchObject({ outcome: 'NOT_APPLIED' })
      await setTimeout(100)
    }
    const seconds = (performance.now() - startedAtMs) / 1_000
    expect(genauth.requestsOf('get-management-token').length).toBeLessThanOrEqual(1 + 2 * seconds)
    expect(genauth.requests).toEqual(genauth.requestsOf('get-management-token'))
    genauth.behave(() => null)
    await expect
      .poll(async () => (await read(app, 'u')).payload.__typename, { timeout: 10_000 })
      .toBe('UserMfa')
  })
})

describe.concurrent('connections that GenAuth closes when they are idle', () => {
  const IDLE_MS = 300

  it('cost no read, and leave no write in a wrong light', { tags: 'long' }, async () => {
    await using genauth = await startFaultUpstream({ idleMs: IDLE_MS })
    await using app = await startApp({ upstream: genauth })
    const answers: Asked[] = []
    for (let round = 0; round < 6; round++) {
      const users = Array.from({ length: 10 }, (_, index) => `u${round}-${index}`)
      answers.push(...(await Promise.all(users.map(user => read(app, user)))))
      // Around the moment at which the other side closes.
      await setTimeout(IDLE_MS - 6 + 2 * round)
      const sets = await Promise.all(users.map(user => set(app, user, KNOWN_TOKEN)))
      for (const [index, answer] of sets.entries()) expectHonest(answer, users[index] ?? '', genauth)
      await setTimeout(IDLE_MS - 6 + 2 * round)
    }
    expect(countOf(answers, 'UserMfa')).toBe(60)
  })

  it('and that it announces are left in time', { tags: 'long' }, async () => {
    await using genauth = await startFaultUpstream({ idleMs: 1_000 })
    await using app = await startApp({ upstream: genauth })
    genauth.behave(
      () =>
        ({ answer }) =>
          answer({ headers: { 'keep-alive': 'timeout=1' } }),
    )
    for (let round = 0; round < 3; round++) {
      await many(5, index => read(app, `u${index}`))
      await setTimeout(985)
    }
    expect(app.log.filter(line => line.unanswered !== undefined)).toEqual([])
  })
})

describe('a second answer that nobody asked for', () => {
  const POISON = { statusCode: 200, message: '', data: { applicationMfa: [], success: true } }
  const smuggled = `HTTP/1.1 200 OK\r\ncontent-length: ${JSON.stringify(POISON).length}\r\n\r\n${JSON.stringify(POISON)}`
  const WAYS: [string, (write: (text: string) => void) => void][] = [
    ['at once', write => write(smuggled)],
    ['a moment later', write => void setTimeout(15).then(() => write(smuggled))],
    [
      'in halves, the second a moment later',
      write => {
        write(smuggled.slice(0, 40))
        void setTimeout(15).then(() => write(smuggled.slice(40)))
      },
    ],
  ]

  it.for(WAYS)('%s is never taken for the answer to the next call', async ([, smuggle]) => {
    await using genauth = await startFaultUpstream()
    await using app = await startApp({ upstream: genauth })
    let isPoisonous = true
    genauth.store(userId => userId === 'before')
    genauth.behave(({ endpoint }) => {
      if (endpoint === 'get-management-token') return null
      const isRefused = endpoint === 'set-mfa-status' && !isPoisonous
      return ({ socket, answer }) => {
        answer(isRefused ? { body: envelope(422) } : {})
        if (isPoisonous) smuggle(text => socket.write(text))
      }
    })
    for (let round = 0; round < 5; round++) {
      const asked = await read(app, `u${round}`)
      expect(asked.payload.factors?.length ?? 3).toBe(3)
      await set(app, 'before', KNOWN_TOKEN)
      isPoisonous = false
      // What comes after the next request has left cannot be told from its answer.
      await setTimeout(30)
      const refused = await set(app, 'refused', KNOWN_TOKEN)
      expect(refused.payload.__typename).not.toBe('SetUserMfaStatusSuccess')
      isPoisonous = true
      await setTimeout(25)
    }
    expect(genauth.writes).not.toContain('refused')
  })

  it('and that comes when the next request is on its way is never taken for the answer to a set', async () => {
    await using genauth = await startFaultUpstream()
    await using app = await startApp({ upstream: genauth })
    const used = new Set<Socket>()
    genauth.store(userId => userId !== 'refused')
    genauth.behave(({ endpoint, userId }) => ({ socket, answer }) => {
      if (endpoint !== 'get-management-token') for (const earlier of used) earlier.write(smuggled)
      used.add(socket)
      answer(endpoint === 'set-mfa-status' && userId === 'refused' ? { body: envelope(422) } : {})
    })
    for (let round = 0; round < 4; round++) {
      for (const more of [KNOWN_TOKEN, {}]) {
        const userId = `stored-${round}-${Object.keys(more).length}`
        const stored = await set(app, userId, more)
        expect(stored.payload).toMatchObject({ applied: true, verified: more !== KNOWN_TOKEN })
        // The factor that nobody knows is there only where the state before was the user's own.
        if (more === KNOWN_TOKEN) expect(genauth.factorsOf(userId)).toEqual(['EMAIL'])
        else expect(genauth.factorsOf(userId)).toContain('PASSKEY')
        const refused = await set(app, 'refused', more)
        expect(refused.payload.__typename).toBe('MfaOperationRefusedError')
      }
    }
    expect(used.size).toBe(genauth.requests.length)
  })
})

describe('a GenAuth that is slow for those who look', () => {
  it('fills their connections, fails the rest at once, and is no hindrance to sets', {
    tags: 'long',
  }, async () => {
    await using genauth = await startFaultUpstream()
    const env = { GENAUTH_TIMEOUT_MS: '30000', REQUEST_DEADLINE_MS: '60000' }
    await using app = await startApp({ upstream: genauth, env })
    await read(app, 'first')
    let release = () => {}
    const released = new Promise<void>(resolve => {
      release = resolve
    })
    genauth.behave(({ userId }) =>
      userId.startsWith('slow') ? ({ answer }) => void released.then(() => answer()) : null,
    )
    const slow = many(260, index => read(app, `slow${index}`))
    await expect.poll(() => genauth.requests.length, { timeout: 15_000 }).toBeGreaterThanOrEqual(202)
    const sets = await many(20, index => set(app, `u${index}`))
    expect(countOf(sets, 'SetUserMfaStatusSuccess')).toBe(20)
    const refused = await read(app, 'u')
    expect(refused.payload).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true })
    release()
    const answers = await slow
    expect(countOf(answers, 'UserMfa')).toBe(200)
    expect(countOf(answers, 'MfaUpstreamUnavailableError')).toBe(60)
    expect((await read(app, 'u')).payload.__typename).toBe('UserMfa')
    expect(breakersOf(app)).toEqual([])
  })
})

describe.concurrent('an outage', () => {
  it('costs a tenth more attempts than calls, then none at all, and ends by itself', {
    tags: 'long',
  }, async ({ expect }) => {
    await using genauth = await startFaultUpstream()
    await using app = await startApp({ upstream: genauth })
    await read(app, 'first')
    genauth.behave(() => busy)
    for (let round = 0; round < 10; round++) await many(10, index => read(app, `u${index}`))
    expect(breakersOf(app)).toEqual(['READ OPEN'])
    const attempts = genauth.requestsOf('get-mfa-status').length - 1
    expect(attempts).toBeLessThanOrEqual(100 * 1.1)
    const openAtMs = performance.now()
    const refused = await many(50, index => read(app, `u${index}`))
    expect(countOf(refused, 'MfaUpstreamUnavailableError')).toBe(50)
    const probes = genauth.requestsOf('get-mfa-status').length - 1 - attempts
    expect(probes).toBeLessThanOrEqual((performance.now() - openAtMs) / 5_000 + 1)
    expect((await set(app, 'u', KNOWN_TOKEN)).payload.code).toBe('UPSTREAM_UNAVAILABLE')
    genauth.behave(() => null)
    await expect
      .poll(async () => (await read(app, 'u')).payload.__typename, { timeout: 10_000, interval: 100 })
      .toBe('UserMfa')
    expect(breakersOf(app)).toEqual(['READ OPEN', 'READ CLOSED'])
  })

  it('of a third of the calls costs ten attempts and a tenth of the calls besides', async () => {
    await using genauth = await startFaultUpstream()
    await using app = await startApp({ upstream: genauth })
    await read(app, 'first')
    let asked = 0
    // Too few to open the breaker, so that nothing but the budget limits the retries.
    genauth.behave(() => (asked++ % 3 === 0 ? busy : null))
    const answers: Asked[] = []
    for (let round = 0; round < 20; round++)
      answers.push(...(await many(10, index => read(app, `u${index}`))))
    const retries = genauth.requestsOf('get-mfa-status').length - 1 - 200
    expect(retries).toBeGreaterThan(10)
    expect(retries).toBeLessThanOrEqual(10 + 0.1 * 200)
    expect(countOf(answers, 'UserMfa')).toBeGreaterThan(100)
  })
})

describe('identifiers that GenAuth cannot answer', () => {
  const poisoned = (userId: string) => userId.startsWith('poisoned')

  it('shut the breaker for the caller who sends them, and for nobody else', async () => {
    await using genauth = await startFaultUpstream()
    await using app = await startApp({ upstream: genauth, clock: skipWaits(900) })
    genauth.behave(({ userId }) => (poisoned(userId) ? busy : null))
    const mallory = { authorization: `Bearer ${await app.issuer.token({ sub: 'mallory' })}` }
    for (let round = 0; round < 5; round++) {
      await many(20, index => read(app, `poisoned-${round}-${index}`, mallory))
      const others = await many(3, index => read(app, `u${index}`))
      expect(countOf(others, 'UserMfa')).toBe(3)
    }
    expect(breakersOf(app)).toEqual(['READ OPEN'])
    expect(app.log.find(line => line.msg === 'circuit breaker').scope).toBe('CALLER')
    expect((await read(app, 'u', mallory)).payload.code).toBe('UPSTREAM_UNAVAILABLE')
  })

  it('or that it does not answer leave a quarter of the connections to others, and all to one who is alone', {
    tags: 'long',
  }, async () => {
    await using genauth = await startFaultUpstream()
    const env = { GENAUTH_TIMEOUT_MS: '30000', REQUEST_DEADLINE_MS: '60000' }
    await using app = await startApp({ upstream: genauth, env })
    const mallory = { authorization: `Bearer ${await app.issuer.token({ sub: 'mallory' })}` }
    await read(app, 'first')
    let release = () => {}
    const released = new Promise<void>(resolve => {
      release = resolve
    })
    genauth.behave(({ userId }) =>
      poisoned(userId) ? ({ answer }) => void released.then(() => answer()) : null,
    )
    let refused = 0
    const hanging = many(260, async index => {
      const asked = await read(app, `poisoned-${index}`, mallory)
      if (asked.payload.__typename !== 'UserMfa') refused++
      return asked
    })
    const hung = () => genauth.requests.filter(({ userId }) => poisoned(userId)).length
    await expect.poll(hung, { timeout: 15_000 }).toBeGreaterThanOrEqual(150)
    const others = await many(40, index => read(app, `u${index}`))
    expect(countOf(others, 'UserMfa')).toBe(40)
    // Let all of them arrive first: a late one would find a connection that is free again.
    await expect.poll(() => refused, { timeout: 15_000 }).toBe(110)
    release()
    expect(countOf(await hanging, 'UserMfa')).toBe(150)
  })

  it('do not shut it where it is one user, whoever looks', async () => {
    await using genauth = await startFaultUpstream()
    await using app = await startApp({ upstream: genauth, clock: skipWaits(900) })
    genauth.behave(({ userId }) => (poisoned(userId) ? busy : null))
    const other = { authorization: `Bearer ${await app.issuer.token({ sub: 'other' })}` }
    for (let round = 0; round < 30; round++) {
      await Promise.all([read(app, 'poisoned'), read(app, 'poisoned', other)])
    }
    expect(breakersOf(app)).toEqual([])
    expect((await read(app, 'u')).payload.__typename).toBe('UserMfa')
  })
})

describe('the breaker stays closed for', () => {
  it.for([
    ['callers who leave', {}, 60],
    ['callers without patience', { 'x-request-deadline-ms': '40' }, null],
    ['callers who ask for the impossible', { 'x-request-deadline-ms': '1' }, null],
  ] as const)('%s', async ([, headers, leaveAfterMs]) => {
    await using genauth = await startFaultUpstream()
    await using app = await startApp({ upstream: genauth })
    await read(app, 'first')
    genauth.behave(() => after(150))
    await many(60, index => {
      const body = JSON.stringify({ query: `{ userMfa(userId: "u${index}") { __typename } }` })
      const signal = leaveAfterMs === null ? null : AbortSignal.timeout(leaveAfterMs)
      const init = {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
        signal,
      }
      return app.fetch('/graphql', init).catch(() => {})
    })
    genauth.behave(() => null)
    expect((await read(app, 'u')).payload.__typename).toBe('UserMfa')
    expect(breakersOf(app)).toEqual([])
  })

  it.for([
    ['pages of a firewall', '403 Forbidden', '<p>'],
    ['refusals', '200 OK', envelope(404)],
    ['throttling', '429 Slow', ''],
  ])('%s', async ([, status, body]) => {
    await using genauth = await startFaultUpstream()
    await using app = await startApp({ upstream: genauth, clock: skipWaits(900) })
    genauth.behave(({ endpoint }) =>
      endpoint === 'get-management-token'
        ? null
        : ({ answer }) => answer({ status: `${status}`, body: `${body}` }),
    )
    await many(60, index => read(app, `u${index}`))
    expect(breakersOf(app)).toEqual([])
  })
})

describe('the governor', () => {
  const BUDGET = 20
  const GREEDY_LOOPS = 30

  it('keeps to the budget, lets sets go first, and starves nobody', { tags: 'long' }, async () => {
    await using genauth = await startFaultUpstream({ latencyMs: 5 })
    await using app = await startApp({ upstream: genauth, env: { GENAUTH_MAX_RPS: `${BUDGET}` } })
    const untilMs = performance.now() + 3_000
    const caller = async (sub: string) => ({ authorization: `Bearer ${await app.issuer.token({ sub })}` })
    const [greedy, ...modest] = await Promise.all(['greedy', 'm1', 'm2', 'm3'].map(caller))
    const answers = { greedy: [] as Asked[], modest: [] as Asked[], sets: [] as Asked[] }
    const loop = async (into: Asked[], ask: (turn: number) => Promise<Asked>) => {
      for (let turn = 0; performance.now() < untilMs; turn++) into.push(await ask(turn))
    }
    await Promise.all([
      ...Array.from({ length: GREEDY_LOOPS }, (_, index) =>
        loop(answers.greedy, () => read(app, `greedy${index}`, greedy)),
      ),
      ...modest.map((headers, index) => loop(answers.modest, () => read(app, `modest${index}`, headers))),
      loop(answers.sets, turn => set(app, `set${turn}`, KNOWN_TOKEN, greedy)),
    ])
    const all = Object.values(answers).flat()
    expect(countOf(all, 'UserMfa') + countOf(all, 'SetUserMfaStatusSuccess')).toBe(all.length)
    // A stall between two ends of a connection moves arrivals together.
    expect(toMostInASecond(genauth.requests)).toBeLessThanOrEqual(BUDGET * (1 + lateMs() / 1_000))
    expect(toMedianMs(answers.sets)).toBeLessThan(toMedianMs(answers.greedy))
    expect(toMedianMs(answers.modest)).toBeLessThan(toMedianMs(answers.greedy))
    // A stall takes as much from everybody.
    const turnsOfModest = answers.modest.length / modest.length
    expect(turnsOfModest).toBeGreaterThan(answers.greedy.length / GREEDY_LOOPS)
  })
})

function toMedianMs(answers: readonly Asked[]): number {
  const sorted = answers.map(({ ms }) => ms).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** In any second, wherever it begins. */
function toMostInASecond(requests: readonly { readonly atMs: number }[]): number {
  let [most, first] = [0, 0]
  for (const [index, { atMs }] of requests.entries()) {
    while ((requests[first]?.atMs ?? 0) <= atMs - 1_000) first++
    most = Math.max(most, index - first + 1)
  }
  return most
}
