import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseJson } from '../../src/base/parse-json.ts'
import type { MakeCall } from '../../src/genauth/call.ts'
import { getGlobalMfaSettings } from '../../src/genauth/endpoints/global-mfa-settings.ts'
import { getMfaStatus } from '../../src/genauth/endpoints/mfa-status.ts'
import { groupByName, toWantedName } from '../../src/genauth/endpoints/user-names.ts'
import { findUsers } from '../../src/genauth/endpoints/users.ts'
import { toWrongShapeFailure } from '../../src/genauth/failures.ts'
import { logFailure } from '../../src/genauth/log-failure.ts'
import { MAX_REPLY_VALUES } from '../../src/genauth/transport.ts'
import { createLog } from '../../src/log.ts'
import { diffFactors } from '../../src/mfa/diff.ts'
import { type Result, succeed } from '../../src/mfa/failure.ts'
import type { UserRef } from '../../src/mfa/user-ref.ts'
import { countSteps } from '../support/count-steps.ts'

const USER: UserRef = { userId: 'u', userIdType: 'USER_ID' }
const ENVELOPE = { statusCode: 200, apiCode: null, requestId: null }
const MANY = 15_000

/** GenAuth's reply to whatever is asked, judged by the schema of the call as in production. */
function replying(data: unknown): MakeCall {
  return async call => {
    const parsed = call.data.safeParse(data)
    if (parsed.success) return succeed(parsed.data)
    return { ok: false, failure: toWrongShapeFailure(ENVELOPE, parsed.error) }
  }
}

const factors = (count: number, toFactor: (n: number) => unknown) => ({
  mfaToken: 't',
  applicationMfa: Array.from({ length: count }, (_, n) => toFactor(n)),
})
const sms = (n: number) => ({ mfaPolicy: 'SMS', status: 1, sort: n })

describe('a list in a reply that is longer than it can be', () => {
  const asked = Array.from({ length: 50 }, (_, n): UserRef => ({ userId: `u${n}`, userIdType: 'USERNAME' }))
  it.each<[string, (makeCall: MakeCall) => Promise<Result<unknown>>, (count: number) => unknown]>([
    ['the same factor', makeCall => getMfaStatus(makeCall, USER), count => factors(count, sms)],
    [
      'factors of the wrong shape',
      makeCall => getMfaStatus(makeCall, USER),
      count => factors(count, () => ({})),
    ],
    ['numbers for factors', makeCall => getMfaStatus(makeCall, USER), count => factors(count, n => n)],
    ['factors of the pool', getGlobalMfaSettings, count => ({ enabledFactors: Array(count).fill('SMS') })],
    [
      'users of the wrong shape',
      async makeCall => (await findUsers(makeCall, asked))[0] ?? expect.fail(),
      count => Array(count).fill({}),
    ],
    [
      'users whom nobody asked for',
      async makeCall => (await findUsers(makeCall, asked))[0] ?? expect.fail(),
      count => Array.from({ length: count }, (_, n) => ({ userId: `x${n}`, username: `x${n}` })),
    ],
  ])('is faulty, and not one record of it is looked at: %s', async (_what, ask, toReply) => {
    const stepsFor = async (count: number) => {
      const makeCall = replying(toReply(count))
      let replied: Result<unknown> | null = null
      const steps = await countSteps('node_modules/zod/', async () => {
        replied = await ask(makeCall)
      })
      expect(replied).toMatchObject({ ok: false, failure: { reason: 'FAULTY_ANSWER' } })
      return steps
    }
    await stepsFor(200)
    expect(await stepsFor(MANY)).toBeLessThanOrEqual((await stepsFor(200)) + 100)
  })

  it('of the identities of a user says nothing of who they are', async () => {
    const identities = Array.from({ length: 65 }, (_, n) => ({ extIdpId: 'i', userIdInIdp: `${n}` }))
    const [found] = await findUsers(replying({ userId: 'u', identities }), [
      { userId: 'i:x', userIdType: 'IDENTITY' },
    ])
    expect(found).toMatchObject({ ok: true, value: { isAmbiguous: false } })
  })
})

describe('a list of factors', () => {
  it.each([64, 65])('of %i is read up to 64', async count => {
    const read = await getMfaStatus(replying(factors(count, sms)), USER)
    expect(read.ok).toBe(count === 64)
  })

  it.each<[string, unknown, boolean]>([
    ['a name of 20,000 characters', factors(1, () => ({ ...sms(0), mfaPolicy: 'x'.repeat(20_000) })), true],
    ['names of 70,000 characters', factors(64, () => ({ ...sms(0), mfaPolicy: 'x'.repeat(1_100) })), false],
    ['an address of 40,000 characters', { mfaToken: 't', mfaEmail: 'x'.repeat(40_000) }, false],
    ['a nickname of 40,000 characters', { mfaToken: 't', nickname: 'x'.repeat(40_000) }, true],
  ])('with %s is read where that may be a name: %s', async (_what, data, isRead) => {
    expect((await getMfaStatus(replying(data), USER)).ok).toBe(isRead)
  })

  it('is compared in steps in proportion to it, though all have one name', async () => {
    const list = (count: number, isOn: boolean) =>
      Array.from({ length: count }, (_, sort) => ({ code: 'SMS', enabled: isOn, sort }))
    const stepsFor = (count: number) =>
      countSteps('mfa/diff', () =>
        expect(diffFactors(list(count, true), list(count + 1, false))).toHaveLength(count + 1),
      )
    const few = await stepsFor(MANY / 10)
    expect(await stepsFor(MANY)).toBeLessThan(few * 11)
  })
})

describe('users of a reply', () => {
  it('are put in order once, however many are looked for', async () => {
    const users = Array.from({ length: 100 }, (_, n) => ({
      userId: `x${n}`,
      email: `U${n}@EXAMPLE.COM`,
      identities: [
        { extIdpId: 'a:b', userIdInIdp: `${n}` },
        { extIdpId: 'a:b', userIdInIdp: `${n}` },
      ],
    }))
    const findAll = (count: number) => {
      const byName = groupByName(users, 'EMAIL')
      for (let n = 0; n < count; n++) {
        const name = toWantedName({ userId: `u${n}@Example.com`, userIdType: 'EMAIL' })
        expect(byName.get(name)?.map(user => user.userId)).toEqual([`x${n}`])
      }
    }
    const one = await countSteps('genauth/endpoints/user-names', () => findAll(1))
    expect(await countSteps('genauth/endpoints/user-names', () => findAll(100))).toBeLessThan(one + 100 * 10)
  })

  it('are matched by an identity in both of its parts', () => {
    const users = [{ userId: 'x', identities: [{ extIdpId: 'a', userIdInIdp: 'b:c' }] }]
    const byName = groupByName(users, 'IDENTITY')
    const find = (userId: string) => byName.get(toWantedName({ userId, userIdType: 'IDENTITY' }))
    expect([find('a:b:c'), find('a:b'), find('b:a'), find('a')]).toEqual([
      users,
      undefined,
      undefined,
      undefined,
    ])
  })
})

describe('a reply', () => {
  const parse = (text: string) => parseJson(text, MAX_REPLY_VALUES)
  const fill = `"${'x'.repeat(70_000)}"`
  it.each([
    ['many empty lists in one another', 'TOO_DEEP', `[${fill},${'['.repeat(500_000)}${']'.repeat(500_000)}]`],
    ['65 levels and nothing else', 'TOO_DEEP', `${'['.repeat(65)}${']'.repeat(65)}`],
    ['65 levels', 'TOO_DEEP', `[${fill},${'{"a":'.repeat(64)}1${'}'.repeat(64)}]`],
    [
      'many keys',
      'TOO_MANY_VALUES',
      `{"a":${fill},${Array.from({ length: 33_000 }, (_, n) => `"${n}":1`).join(',')}}`,
    ],
    ['many numbers', 'TOO_MANY_VALUES', `[${fill},${Array(33_000).fill(0).join(',')}]`],
    ['many objects', 'TOO_MANY_VALUES', `[${fill},${Array(17_000).fill('{}').join(',')}]`],
  ])('is not parsed if it holds %s', (_what, fault, text) => {
    expect(parse(text)).toEqual({ fault })
  })

  it.each([
    ['a long text of signs', JSON.stringify(['[{,'.repeat(300_000), '\\"'.repeat(20_000)])],
    ['64 levels', `[${fill},${'['.repeat(63)}${']'.repeat(63)}]`],
    ['32,000 numbers', `[${fill},${Array(32_000).fill(0).join(',')}]`],
  ])('is parsed if it holds %s', (_what, text) => {
    expect(parse(text)).toEqual({ value: JSON.parse(text) })
  })

  it.each([
    ['the status', '{"statusCode":500,"statusCode":200,"data":{"success":true}}'],
    ['the proof of a write', '{"statusCode":200,"data":{"success":false,"succe\\u0073s":true}}'],
    ['a phone in a list', '{"data":[{"a":1},{"phone":"1","phone":"2"}]}'],
  ])('is none if it says %s twice, for two readers could see two', (_what, text) => {
    expect(parse(text)).toEqual({ fault: 'DUPLICATE_KEY' })
  })

  it('is given up at the first value that is too much', async () => {
    const text = `[${fill},${Array(400_000).fill(0).join(',')}]`
    const steps = await countSteps('base/parse-json', () => expect(parse(text)).toHaveProperty('fault'))
    expect(steps).toBeLessThan(70_000 * 3 + 33_000 * 2 * 4)
  })

  it.each(['{"a":1', 'x'.repeat(70_000), `["${'x'.repeat(70_000)}`, `"${'\\'.repeat(70_001)}`])(
    'that is no JSON is none',
    text => {
      expect(parse(text)).toEqual({ fault: 'NO_JSON' })
    },
  )
})

it('the log tells the first ten places that are at fault, not thousands', () => {
  let logged = ''
  const destination = new Writable({
    write(chunk, _encoding, done) {
      logged += String(chunk)
      done()
    },
  })
  const { error } = z.array(z.string()).safeParse(Array(MANY).fill(1))
  logFailure(createLog('warn', destination), 'get-user', toWrongShapeFailure(ENVELOPE, error))
  expect(JSON.parse(logged).cause).toHaveLength(10)
})
