import { readdirSync, readFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { createDeadline } from '../../src/base/deadline.ts'
import { ChangeFeed } from '../../src/live/change-feed.ts'
import { createChangeSeal } from '../../src/live/change-seal.ts'
import { shareChanges } from '../../src/live/share-changes.ts'
import { succeed } from '../../src/mfa/failure.ts'
import { shareWithReplicas } from '../../src/replicas.ts'
import { HAS_REDIS, startRedis, toSharingOptions } from '../support/redis.ts'

const ROOT = new URL('../../', import.meta.url)
const SOON = { timeout: 10_000 }
/** What any user may do. */
const ALWAYS_ALLOWED = ['hello', 'auth', 'quit', 'reset']

/** `ACL SETUSER name rule rule …`, as operators copy it. */
function readAccessList(): readonly string[] {
  const docs = readFileSync(new URL('docs/redis.md', ROOT), 'utf8')
  const line = /^ACL SETUSER .*$/m.exec(docs)?.[0]
  if (line === undefined) throw new Error('docs/redis.md has no access list')
  return line.split(' ')
}

const rules = readAccessList()
const allowed = rules.filter(rule => rule.startsWith('+')).map(rule => rule.slice(1))
const prefix = /^~(.*):\*$/.exec(rules.find(rule => rule.startsWith('~')) ?? '')?.[1] ?? ''

/** Each command that a script has, also those that only rare turns of events call. */
function findCommandsOfScripts(): readonly string[] {
  const folder = new URL('src/', ROOT)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file =>
    file.endsWith('.ts'),
  )
  const source = files.map(file => readFileSync(new URL(file, folder), 'utf8'))
  return [...source.join('\n').matchAll(/redis\.p?call\('(\w+)'/g)].map(([, name = '']) => name.toLowerCase())
}

/** All that replicas do by way of Redis: turns, counts, locks with a second asker, changes, and their end. */
async function useEverything(url: string) {
  const replicas = await Promise.all(
    [0, 1].map(() => shareWithReplicas({ ...toSharingOptions(url), keyPrefix: prefix })),
  )
  const sharing = { ...toSharingOptions(url), keyPrefix: prefix, feed: new ChangeFeed() }
  const changes = shareChanges({ ...sharing, seal: createChangeSeal(['a secret']) })
  const deadline = createDeadline(20_000, systemClock)
  const states = replicas.map(({ state }) => state)
  const locks = replicas.map(({ withUserLock }) =>
    withUserLock('u', deadline, async lock => succeed([await lock.confirm(), await lock.release()])),
  )
  const taken = await Promise.all(replicas.map(one => one.createCounter('misses', 10, 60_000).take('c', 3)))
  for (const { giveBack } of taken) giveBack(1)
  for (const { rateLimiter } of replicas) {
    rateLimiter.take()
    rateLimiter.end()
    rateLimiter.slowDown()
    rateLimiter.waitMs({ people: 3, background: 0 })
  }
  await expect.poll(() => changes.state, SOON).toBe('SHARED')
  changes.close()
  return { replicas, states, locks: await Promise.all(locks), granted: taken.map(({ granted }) => granted) }
}

describe('the access list of docs/redis.md', () => {
  it('allows what the scripts call and what sends them, and nothing else', () => {
    const ofChanges = ['publish', 'subscribe']
    const needed = new Set([...findCommandsOfScripts(), ...ofChanges, 'eval', 'evalsha', 'select'])
    expect(allowed.toSorted()).toEqual([...needed].toSorted())
    expect(rules.filter(rule => /^[~%&+@-]/.test(rule) && !rule.startsWith('+'))).toEqual([
      '~genauth-graphql:*',
      '&genauth-graphql:changes',
    ])
  })
})

describe.runIf(HAS_REDIS)('a user of Redis with the access list of docs/redis.md', () => {
  it('may do all that replicas do, and does each thing that it may', async () => {
    await using redis = await startRedis()
    const operator = new Redis(redis.url, { enableReadyCheck: false })
    const [, , user = '', ...rest] = rules
    await operator.acl('SETUSER', user, ...rest.map(rule => (rule.startsWith('>') ? '>pass' : rule)))
    const own = redis.url.replace('//', `//${user}:pass@`)
    await operator.config('RESETSTAT')

    // A database other than 0 has to be selected.
    const { replicas, states, locks, granted } = await useEverything(`${own}/1`)
    expect(states).toEqual(['SHARED', 'SHARED'])
    expect(locks).toEqual([succeed([true, true]), succeed([true, true])])
    expect(granted).toEqual([3, 3])
    await expect.poll(() => replicas.map(one => one.replicas), SOON).toEqual([2, 2])
    await Promise.all(replicas.map(one => one.close()))
    // Everything is in the other one.
    expect(await operator.dbsize()).toBe(0)

    const stats = String(await operator.info('commandstats'))
    const used = [...stats.matchAll(/^cmdstat_([^:]+):calls=([1-9]\d*)/gm)].map(([, name = '']) => name)
    const ofOperator = /^(info|acl\||config\||dbsize)/
    const byReplicas = used.filter(name => !ofOperator.test(name) && !ALWAYS_ALLOWED.includes(name))
    expect(byReplicas.filter(name => !allowed.includes(name))).toEqual([])
    expect(stats).not.toMatch(/rejected_calls=[1-9]/)
    expect(await operator.acl('LOG')).toEqual([])
    expect(allowed.filter(name => !byReplicas.includes(name))).toEqual([])
    operator.disconnect()
  })

  it.each([
    ['the key of another', ['get', 'elsewhere']],
    ['the names of all keys', ['keys', '*']],
    ['a setting', ['config', 'get', 'maxmemory']],
    ['the end of all data', ['flushall']],
    ['the messages of others', ['subscribe', 'elsewhere']],
  ])('may not have %s', async (_what, [command = '', ...args]) => {
    await using redis = await startRedis()
    const operator = new Redis(redis.url, { enableReadyCheck: false })
    const [, , user = '', ...rest] = rules
    await operator.acl('SETUSER', user, ...rest)
    const password = rules.find(rule => rule.startsWith('>'))?.slice(1) ?? ''
    const client = new Redis(redis.url, {
      username: user,
      password,
      enableReadyCheck: false,
      disableClientInfo: true,
    })
    await expect(client.call(command, ...args)).rejects.toThrow('NOPERM')
    client.disconnect()
    operator.disconnect()
  })
})
