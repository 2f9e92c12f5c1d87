import { pino } from 'pino'
import { describe, it } from 'vitest'
import { shareWithReplicas } from '../../src/replicas.ts'
import { toSharingOptions } from '../support/redis.ts'
import { startRefusingRedis } from '../support/redis-that-refuses.ts'

const SOON = { timeout: 12_000, interval: 20 }
const KEY = 'genauth-graphql:canary-key'

async function start(url: string) {
  const lines: string[] = []
  const log = pino({ level: 'info' }, { write: line => lines.push(line) })
  const sharing = await shareWithReplicas({ ...toSharingOptions(url), log })
  const told = () =>
    lines.map(line => JSON.parse(line)).map(({ redis, reason, command }) => [redis, reason, command])
  return { lines, told, [Symbol.asyncDispose]: () => sharing.close() }
}

describe('a refusal by Redis', () => {
  it.concurrent.for([
    ['NOPERM', 'evalsha', "NOPERM User someone has no permissions to run the 'evalsha' command"],
    ['NOPERM', 'evalsha', `NOPERM No permissions to access a key: ${KEY}`],
    [
      'NOPERM',
      'incrby',
      "NOPERM ACL failure in script: User someone has no permissions to run the 'incrby' command",
    ],
    ['NOPERM', 'config|get', "NOPERM User someone has no permissions to run the 'config|get' command"],
    [
      'NOPERM',
      'evalsha',
      "ERR The user executing the script can't run this command or subcommand script: 4b2c, on @user_script:8.",
    ],
    ['WRONGPASS', 'hello', 'WRONGPASS invalid username-password pair or user is disabled.'],
    ['NOAUTH', 'evalsha', 'NOAUTH Authentication required.'],
    ['READONLY', 'evalsha', "READONLY You can't write against a read only replica."],
    ['OOM', 'evalsha', "OOM command not allowed when used memory > 'maxmemory'."],
    [
      'MISCONF',
      'evalsha',
      'MISCONF Redis is configured to save RDB snapshots, but is unable to persist to disk.',
    ],
    ['NOSCRIPT', 'eval', 'NOSCRIPT No matching script. Please use EVAL.'],
    ['MOVED', 'evalsha', 'MOVED 3999 127.0.0.1:6381'],
    ['CROSSSLOT', 'evalsha', "CROSSSLOT Keys in request don't hash to the same slot"],
    ['ERR', 'evalsha', `ERR unknown command 'evalsha', with args beginning with: '4b2c' '3' '${KEY}'`],
  ])(
    'as %s of %s is logged by these words once, and by no others: %s',
    async ([reason = '', command = '', text = ''], { expect }) => {
      await using redis = await startRefusingRedis(text)
      await using replica = await start(redis.url)
      // Several more questions and connections.
      await expect.poll(() => redis.questions, SOON).toBeGreaterThan(5)
      expect(replica.told()).toEqual([['LOCAL', reason, command]])
      expect(replica.lines.join('')).not.toMatch(/canary|permissions|args|6381|@user_script/)
    },
  )

  it.concurrent('that is another one than before is logged, too, while Redis is lost', async ({ expect }) => {
    await using redis = await startRefusingRedis('LOADING Redis is loading the dataset in memory')
    await using replica = await start(redis.url)
    redis.refuseWith("NOPERM User someone has no permissions to run the 'evalsha' command")
    await expect.poll(replica.told, SOON).toEqual([
      ['LOCAL', 'LOADING', 'evalsha'],
      ['LOCAL', 'NOPERM', 'evalsha'],
    ])
  })
})
