import { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { createChangeSeal } from '../../src/live/change-seal.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { openStream } from '../support/event-stream.ts'
import { startFakeGenAuth } from '../support/fake-genauth.ts'
import { HAS_REDIS, startRedis } from '../support/redis.ts'

const WATCH = 'subscription { userMfaChanged { hint user { id } } }'
const USER = '65a000000000000000000001'
const SET = `mutation ($factors: [MfaFactorInput!]) {
  setUserMfaStatus(input: { userId: "${USER}", factors: $factors }) { __typename }
}`
/** However busy the machine is. */
const SOON = { timeout: 20_000, interval: 50 }
const KEY = 'an audit key of many characters'

const isShared = async (app: TestApp) => (await app.metrics())['changes_not_shared'] === 0
const saidOfChanges = ({ log }: TestApp) =>
  log
    .filter(({ changes }) => changes !== undefined)
    .map(({ changes, level, reason }) => [changes, level, reason])

async function set(app: TestApp, type: string): Promise<void> {
  const { data } = await app.graphql(SET, { factors: [{ type }] })
  expect(data.setUserMfaStatus.__typename).toBe('SetUserMfaStatusSuccess')
}

describe.runIf(HAS_REDIS)('replicas with one Redis', () => {
  it('tell each other of their changes, a single time, and go on alone while Redis is away', async () => {
    await using redis = await startRedis()
    await using genauth = await startFakeGenAuth()
    const env = { REDIS_URL: redis.url, REDIS_TIMEOUT_MS: '2000', METRICS_PORT: '0', AUDIT_KEY: KEY }
    await using one = await startApp({ upstream: genauth, env })
    await using other = await startApp({ upstream: genauth, env })
    for (const app of [one, other]) await expect.poll(() => isShared(app), SOON).toBe(true)
    const spy = new Redis(redis.url)
    const spied: string[] = []
    spy.on('message', (_channel, text) => spied.push(text))
    await spy.subscribe('genauth-graphql:changes')

    const here = await openStream(one, WATCH)
    const there = await openStream(other, WATCH)
    await set(one, 'OTP')
    const event = { data: { userMfaChanged: { hint: 'SET_BY_THIS_SERVICE', user: { id: USER } } } }
    expect(await there.next()).toEqual(event)
    expect(await here.next()).toEqual(event)
    // Others who use the same Redis cannot read it.
    await expect.poll(() => spied.length).toBeGreaterThan(0)
    expect(spied.join()).not.toContain(USER)
    spy.disconnect()

    await redis.kill()
    await set(one, 'SMS')
    expect(await here.next()).toEqual(event)
    for (const app of [one, other])
      await expect.poll(() => saidOfChanges(app), SOON).toEqual([['LOCAL', 'warn', expect.any(String)]])
    expect(there.results).toHaveLength(1)

    await redis.start()
    for (const app of [one, other]) await expect.poll(() => isShared(app), SOON).toBe(true)
    await set(other, 'FACE')
    expect(await here.next()).toEqual(event)
    expect(await there.next()).toEqual(event)
    expect([here.results.length, there.results.length]).toEqual([3, 2])
    for (const app of [one, other]) expect(saidOfChanges(app).at(-1)).toEqual(['SHARED', 'info', undefined])
  }, 60_000)

  it('believe nobody who lacks their key, and say so once', async () => {
    await using redis = await startRedis()
    const env = { REDIS_URL: redis.url, REDIS_TIMEOUT_MS: '2000', METRICS_PORT: '0', AUDIT_KEY: KEY }
    await using app = await startApp({ env })
    await expect.poll(() => isShared(app), SOON).toBe(true)
    const stream = await openStream(app, WATCH)
    const change = {
      hint: 'SET_BY_THIS_SERVICE',
      genauthId: USER,
      atMs: 0,
      revision: null,
      applicationId: null,
    }
    const text = JSON.stringify({ from: 'forger', change })
    const stranger = new Redis(redis.url)
    for (const message of [
      text,
      '',
      'x',
      createChangeSeal(['another key']).seal(text),
      'A'.repeat(100_000),
    ]) {
      await stranger.publish('genauth-graphql:changes', message)
    }
    for (const message of ['7', '{}', text.replace('SET_BY', 'MADE_BY')]) {
      await stranger.publish('genauth-graphql:changes', createChangeSeal([KEY]).seal(message))
    }
    await stranger.publish('genauth-graphql:changes', createChangeSeal([KEY]).seal(text))
    stranger.disconnect()
    expect((await stream.next()).data.userMfaChanged.user).toEqual({ id: USER })
    expect(stream.results).toHaveLength(1)
    expect(app.log.filter(({ msg }) => /cannot be read/.test(msg))).toHaveLength(1)
  }, 60_000)
})

describe('the seal of changes', () => {
  it('is opened by every secret of a ring, and by no other', () => {
    const seal = createChangeSeal(['former'])
    const sealed = seal.seal('text')
    expect(sealed).not.toBe(seal.seal('text'))
    seal.useSecrets(['current', 'former'])
    expect(seal.open(sealed)).toBe('text')
    seal.useSecrets(['current'])
    expect(seal.open(sealed)).toBe(null)
    expect(seal.open('')).toBe(null)
  })
})
