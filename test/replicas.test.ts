import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { type Json, type StartAppOptions, startApp, type TestApp } from './support/app.ts'
import { ok, startFakeGenAuth } from './support/fake-genauth.ts'
import { findFreePort } from './support/free-port.ts'
import { startLedgerGenAuth } from './support/ledger-genauth.ts'
import { startProgram } from './support/program.ts'
import { HAS_REDIS, startRedis, type TestRedis } from './support/redis.ts'
import { startTcpSwitch } from './support/tcp-switch.ts'

const READ = 'query { userMfa(userId: "u") { __typename ... on MfaError { code } } }'
const SHARED = [200, { status: 'ready' }]
const LOCAL = [200, { status: 'ready', notes: ['LOCAL_SHARE'] }]
/** However busy the machine is. */
const SOON = { timeout: 12_000 }
const PASSWORD = 'canary-redis-password'

async function ready(app: TestApp) {
  const { status, text } = await app.fetch('/ready')
  return [status, JSON.parse(text)]
}

const saidOfRedis = ({ log }: TestApp) =>
  log.filter(({ redis }) => redis !== undefined).map(({ redis, level, reason }) => [redis, level, reason])

function patch(factor: string, turn: number) {
  const change = turn % 2 === 0 ? 'enable' : 'disable'
  return `mutation { setUserMfaStatus(input: { userId: "u", ${change}: [${factor}] }) {
    __typename
    ... on SetUserMfaStatusSuccess { applied warnings { code } }
    ... on MfaUpstreamUnavailableError { outcome }
    ... on MfaError { code } } }`
}

/** Two operators, each before a replica of his own, change a factor each of the same user, all at once. */
async function race(env: Record<string, string>) {
  await using ledger = await startLedgerGenAuth()
  const upstreamEnv = {
    GENAUTH_URL: ledger.url,
    GENAUTH_ACCESS_KEY_ID: 'id',
    GENAUTH_ACCESS_KEY_SECRET: 'secret',
    GENAUTH_AUTH: 'signature',
    REQUEST_DEADLINE_MS: '60000',
    ...env,
  }
  const upstream = { env: upstreamEnv, takeCalls: () => [], async [Symbol.asyncDispose]() {} }
  await using one = await startApp({ upstream })
  await using other = await startApp({ upstream })
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, n) => {
      const [app, factor] = n % 2 === 0 ? [one, 'EMAIL'] : [other, 'FACE']
      return app.graphql(patch(factor, Math.floor(n / 2)))
    }),
  )
  const isClear = ({ data }: Json) =>
    data?.setUserMfaStatus.__typename === 'SetUserMfaStatusSuccess' ||
    data?.setUserMfaStatus.outcome === 'NOT_APPLIED'
  const made = answers.map(({ data }) => data?.setUserMfaStatus).filter(set => set?.applied)
  const isTold = ({ warnings }: Json) => warnings.some(({ code }: Json) => code === 'LOCK_NOT_SHARED')
  return {
    areClear: answers.every(isClear),
    made: made.length,
    told: made.filter(isTold).length,
    lostUpdates: ledger.lostUpdates(),
  }
}

async function connect({ url }: TestRedis) {
  const redis = new Redis(url)
  return { redis, [Symbol.asyncDispose]: async () => redis.disconnect() }
}

const toPort = ({ url }: TestRedis) => Number(new URL(url).port)

/** A Redis that seems slow on a busy machine says nothing of the product. */
const PATIENCE = { REDIS_TIMEOUT_MS: '2000' }

function startReplica(url: string, options: StartAppOptions = {}) {
  return startApp({ ...options, env: { REDIS_URL: url, ...PATIENCE, ...options.env } })
}

describe('a replica without REDIS_URL', () => {
  it('loads nothing that speaks to Redis', { timeout: 90_000 }, async () => {
    await using program = startProgram([], { PORT: '0', SANDBOX_PORT: '0' }, [
      '--require',
      './test/support/list-loaded.cjs',
    ])
    await expect.poll(() => program.stdout(), { timeout: 60_000 }).toContain('"msg":"ready"')
    program.process.kill('SIGTERM')
    await program.exitCode()
    // The store of the sandbox is there, so the list is not empty.
    expect(program.stdout()).toContain('/node_modules/libsql/')
    expect(program.stdout()).not.toContain('ioredis')
  })

  it('has nothing to say of it', async () => {
    await using app = await startApp()
    await expect.poll(() => ready(app), SOON).toEqual(SHARED)
    expect(saidOfRedis(app)).toEqual([])
  })

  it('does not keep two operators from undoing what they have not seen', async () => {
    expect((await race({})).lostUpdates).toBeGreaterThan(0)
  })
})

describe('a replica whose Redis cannot be reached', () => {
  it('serves with a share of its own, and says why, but not what the URL holds', async () => {
    const port = await findFreePort()
    await using app = await startReplica(`redis://someone:${PASSWORD}@127.0.0.1:${port}`)
    await expect.poll(() => ready(app), SOON).toEqual(LOCAL)
    expect((await app.graphql(READ)).data.userMfa.__typename).toBe('MfaUserNotFoundError')
    expect(saidOfRedis(app)).toEqual([['LOCAL', 'warn', 'ECONNREFUSED']])
    expect(JSON.stringify(app.log)).not.toContain(PASSWORD)
  })

  it('says of each change that another replica may undo it', async () => {
    const { made, told } = await race({ REDIS_URL: `redis://127.0.0.1:${await findFreePort()}` })
    expect(made).toBeGreaterThan(1)
    expect(told).toBe(made)
  })
})

describe.runIf(HAS_REDIS)('replicas that share a Redis', () => {
  it('go on alone when it is lost, each change told once, and share again when it is back', async () => {
    await using redis = await startRedis()
    await using app = await startReplica(redis.url)
    await expect.poll(() => ready(app), SOON).toEqual(SHARED)
    await redis.kill()
    await expect.poll(() => ready(app), SOON).toEqual(LOCAL)
    expect((await app.graphql(READ)).data.userMfa.__typename).toBe('MfaUserNotFoundError')
    await redis.start()
    await expect.poll(() => ready(app), SOON).toEqual(SHARED)
    expect(saidOfRedis(app).map(([state]) => state)).toEqual(['SHARED', 'LOCAL', 'SHARED'])
  })

  it('wait for no Redis that takes too long to answer', { tags: 'long' }, async () => {
    await using redis = await startRedis()
    await using app = await startReplica(redis.url, { env: { REDIS_TIMEOUT_MS: '100' } })
    redis.pause()
    expect((await app.graphql(READ)).data.userMfa.__typename).toBe('MfaUserNotFoundError')
    await expect.poll(() => ready(app), SOON).toEqual(LOCAL)
    expect(saidOfRedis(app).at(-1)).toEqual(['LOCAL', 'warn', 'TIMED_OUT'])
    redis.resume()
    await expect.poll(() => ready(app), SOON).toEqual(SHARED)
  })

  it('say that Redis refuses them, by its own word', { tags: 'long' }, async () => {
    await using redis = await startRedis(['--requirepass', PASSWORD])
    await using app = await startReplica(redis.url.replace('//', '//:wrong@'))
    expect(saidOfRedis(app)).toEqual([['LOCAL', 'warn', 'WRONGPASS']])
    await using other = await startReplica(redis.url.replace('//', `//:${PASSWORD}@`))
    expect(saidOfRedis(other)).toEqual([['SHARED', 'info', undefined]])
  })

  it.each(['before the write is on record', 'while it waits to leave'] as const)(
    'write nothing any more when another one has had the user %s',
    { tags: 'long' },
    async when => {
      await using redis = await startRedis()
      await using client = await connect(redis)
      await using genauth = await startFakeGenAuth()
      const takeAway = async () => {
        const [key = ''] = await client.redis.keys('*:user:*')
        await client.redis.hset(key, { token: 'of-another' })
      }
      const read = ok(genauth.stored)
      genauth.reply('get-mfa-status', async response => {
        if (when === 'before the write is on record') await takeAway()
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify(read.body))
      })
      const onJournalLines = async (lines: string) => {
        if (!lines.includes('"intent"')) return
        await takeAway()
        // Longer than it takes to notice.
        await sleep(2_000)
      }
      await using app = await startReplica(redis.url, { upstream: genauth, onJournalLines })
      const { data } =
        await app.graphql(`mutation { setUserMfaStatus(input: { userId: "u", enable: [FACE] }) {
      __typename ... on MfaUpstreamUnavailableError { outcome retryable } } }`)
      expect(data.setUserMfaStatus).toEqual({
        __typename: 'MfaUpstreamUnavailableError',
        outcome: 'NOT_APPLIED',
        retryable: true,
      })
      expect(genauth.seenOf('set-mfa-status')).toEqual([])
      // The record that opens a journal, and where a write was on record, its intent and its conclusion.
      expect(app.journal).toHaveLength(when === 'while it waits to leave' ? 3 : 1)
    },
  )

  it('share again by themselves after a failover that kept their connections', { tags: 'long' }, async () => {
    await using before = await startRedis()
    await using after = await startRedis()
    await using address = await startTcpSwitch(toPort(before))
    await using toBefore = await connect(before)
    await using toAfter = await connect(after)
    await toAfter.redis.replicaof('127.0.0.1', toPort(before))
    const url = `redis://127.0.0.1:${address.port}`
    await using one = await startReplica(url)
    await using other = await startReplica(url)
    const bothReady = () => Promise.all([ready(one), ready(other)])
    await expect.poll(bothReady, SOON).toEqual([SHARED, SHARED])

    await toAfter.redis.replicaof('NO', 'ONE')
    await toBefore.redis.replicaof('127.0.0.1', toPort(after))
    await expect.poll(bothReady, SOON).toEqual([LOCAL, LOCAL])
    expect(saidOfRedis(one).at(-1)).toEqual(['LOCAL', 'warn', 'READONLY'])

    address.leadTo(toPort(after))
    await expect.poll(bothReady, SOON).toEqual([SHARED, SHARED])
  })

  it('lose no update of each other', async () => {
    await using redis = await startRedis()
    const env = { REDIS_URL: redis.url, ...PATIENCE, REDIS_REQUIRED_FOR: 'writes' }
    const { areClear, made, lostUpdates } = await race(env)
    expect(areClear).toBe(true)
    expect(made).toBeGreaterThan(1)
    expect(lostUpdates).toBe(0)
  })
})
