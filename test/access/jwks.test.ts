import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer } from 'node:net'
import type { JWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { createHandClock } from '../support/hand-clock.ts'
import { createSigningKey, type IssuerFault, startIssuer, toJwk } from '../support/issuer.ts'
import { createClock, startAuthenticator, until } from './start-authenticator.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** What the sets of tests that wait in real time go by. */
const QUICK = { reloadMs: 50, retryMs: 50 }

const FAULTS: IssuerFault[] = [
  'DOWN',
  'HTML',
  'REDIRECT',
  'EMPTY',
  'ERROR',
  'NO_KEYS',
  'GZIP',
  'BOMB',
  'HUGE',
]

describe('while the key set cannot be had at the start', () => {
  it.each(FAULTS)('(%s) a good token is not called bad, and is accepted once it can', async fault => {
    const clock = createClock()
    await using issuer = await startIssuer()
    issuer.setFault(fault)
    await using authenticator = startAuthenticator(issuer, { clock })
    const token = await issuer.token()
    expect(await authenticator.judge(token)).toBe('UNAVAILABLE')
    expect(authenticator.isReady()).toBe(false)
    issuer.setFault(null)
    expect(await authenticator.judge(token)).toBe('UNAVAILABLE')
    clock.pass(5_000)
    expect(await authenticator.judge(token)).toBe('CALLER')
    expect(authenticator.isReady()).toBe(true)
  })

  it('the issuer is asked once in five seconds, however many tokens come', async () => {
    const clock = createClock()
    await using issuer = await startIssuer()
    issuer.setFault('ERROR')
    await using authenticator = startAuthenticator(issuer, { clock })
    const token = await issuer.token()
    for (const passedMs of [0, 4_999, 1]) {
      clock.pass(passedMs)
      await Promise.all(Array.from({ length: 100 }, () => authenticator.judge(token)))
    }
    expect(issuer.requestCount()).toBe(2)
  })

  it('it becomes ready without any token', async () => {
    await using issuer = await startIssuer()
    issuer.setFault('DOWN')
    await using authenticator = startAuthenticator(issuer, { timing: QUICK })
    await until(() => issuer.requestCount() >= 2)
    expect(authenticator.isReady()).toBe(false)
    issuer.setFault(null)
    await until(() => authenticator.isReady())
  })

  it('what is no token at all is refused all the same', async () => {
    await using issuer = await startIssuer()
    issuer.setFault('DOWN')
    await using authenticator = startAuthenticator(issuer)
    expect(await authenticator.authenticate(undefined)).toEqual({ kind: 'MISSING' })
    expect(await authenticator.authenticate('Basic eDp5')).toEqual({ kind: 'INVALID' })
    expect(await authenticator.judge('nonsense')).toBe('INVALID')
    expect(await authenticator.judge(await issuer.token({}, { forge: 'HS256' }))).toBe('INVALID')
  })

  it('an outage is one warning in the log, and its end one line', async () => {
    await using issuer = await startIssuer()
    issuer.setFault('ERROR')
    await using authenticator = startAuthenticator(issuer, { timing: QUICK })
    await until(() => issuer.requestCount() >= 3)
    issuer.setFault(null)
    await until(() => authenticator.isReady())
    const lines = authenticator.log.filter(line => line['level'] !== 20)
    expect(lines).toEqual([
      { level: 40, reason: 'STATUS', msg: 'no keys from the issuer' },
      { level: 30, msg: 'keys of the issuer loaded again' },
    ])
  })

  it('nobody listening is an outage like another', async () => {
    await using issuer = await startIssuer()
    const token = await issuer.token()
    await using authenticator = startAuthenticator(issuer, {
      jwksUrl: `http://127.0.0.1:${await findClosedPort()}/jwks`,
    })
    expect(await authenticator.judge(token)).toBe('UNAVAILABLE')
  })

  it('a key set that is slower than the time-out is an outage', async () => {
    await using issuer = await startIssuer()
    issuer.setFault('SLOW')
    await using authenticator = startAuthenticator(issuer, { timing: { timeoutMs: 50 } })
    expect(await authenticator.judge(await issuer.token())).toBe('UNAVAILABLE')
  })
})

describe('when the key set goes away later', () => {
  it.each(FAULTS.filter(fault => fault !== 'NO_KEYS'))(
    '(%s) known keys go on for twelve hours, and no longer',
    async fault => {
      const clock = createClock()
      await using issuer = await startIssuer({ now: clock.now })
      await using authenticator = startAuthenticator(issuer, { clock })
      expect(await authenticator.judge(await issuer.token())).toBe('CALLER')
      issuer.setFault(fault)
      for (const passedMs of [11 * MINUTE_MS, 11 * HOUR_MS, 49 * MINUTE_MS - 1]) {
        clock.pass(passedMs)
        expect(await authenticator.judge(await issuer.token())).toBe('CALLER')
      }
      expect(authenticator.isReady()).toBe(true)
      clock.pass(1)
      expect(authenticator.isReady()).toBe(false)
      expect(await authenticator.judge(await issuer.token())).toBe('UNAVAILABLE')
      issuer.setFault(null)
      clock.pass(5_000)
      expect(await authenticator.judge(await issuer.token())).toBe('CALLER')
    },
  )

  it('known keys go on for as long as is configured, and no longer', async () => {
    const clock = createClock()
    await using issuer = await startIssuer({ now: clock.now })
    await using authenticator = startAuthenticator(issuer, { clock, jwksMaxStaleS: 60 })
    expect(await authenticator.judge(await issuer.token())).toBe('CALLER')
    issuer.setFault('DOWN')
    clock.pass(59_999)
    expect(await authenticator.judge(await issuer.token())).toBe('CALLER')
    clock.pass(1)
    expect(await authenticator.judge(await issuer.token())).toBe('UNAVAILABLE')
  })

  it('a failed reload takes away no key', async () => {
    await using issuer = await startIssuer()
    await using authenticator = startAuthenticator(issuer, { timing: QUICK })
    await until(() => authenticator.isReady())
    issuer.setFault('ERROR')
    const requestsBefore = issuer.requestCount()
    await until(() => issuer.requestCount() >= requestsBefore + 3)
    expect(await authenticator.judge(await issuer.token())).toBe('CALLER')
    expect(await authenticator.judge(await issuer.token({}, { header: { kid: 'unknown' } }))).toBe('INVALID')
  })
})

describe('an issuer that publishes no key any more', () => {
  it('has withdrawn all when it says so twice: nobody can judge tokens until there are keys again', async () => {
    await using issuer = await startIssuer()
    await using authenticator = startAuthenticator(issuer, { timing: { retryMs: 100 } })
    const token = await issuer.token()
    expect(await authenticator.judge(token)).toBe('CALLER')
    issuer.setFault('NO_KEYS')
    expect(await authenticator.reloadKeys()).toBe(false)
    expect(await authenticator.judge(token)).toBe('CALLER')
    await until(() => !authenticator.isReady())
    expect(await authenticator.judge(token)).toBe('UNAVAILABLE')
    expect(authenticator.log.map(line => line['msg'])).toContain('the issuer has withdrawn all of its keys')
    issuer.setFault(null)
    await until(() => authenticator.isReady())
    expect(await authenticator.judge(token)).toBe('CALLER')
  })

  it('has not when it says so once, and then nothing that can be used', async () => {
    await using issuer = await startIssuer()
    await using authenticator = startAuthenticator(issuer)
    await until(() => authenticator.isReady())
    for (const fault of ['NO_KEYS', 'DOWN', 'NO_KEYS', null, 'NO_KEYS'] as const) {
      issuer.setFault(fault)
      await authenticator.reloadKeys()
      expect(await authenticator.judge(await issuer.token())).toBe('CALLER')
    }
  })
})

describe('rotation', () => {
  it('is followed at once: a token under the new key is accepted, and one under the old', async () => {
    const clock = createClock()
    await using issuer = await startIssuer()
    await using authenticator = startAuthenticator(issuer, { clock })
    const old = await issuer.token()
    expect(await authenticator.judge(old)).toBe('CALLER')
    issuer.rotate()
    expect(await authenticator.judge(await issuer.token())).toBe('CALLER')
    expect(await authenticator.judge(old)).toBe('CALLER')
    expect(issuer.requestCount()).toBe(2)
  })

  it('is followed within five seconds when made-up key ids came first', async () => {
    const clock = createClock()
    await using issuer = await startIssuer()
    await using authenticator = startAuthenticator(issuer, { clock })
    expect(await authenticator.judge(await issuer.token({}, { header: { kid: 'made-up' } }))).toBe('INVALID')
    issuer.rotate()
    clock.pass(4_999)
    expect(await authenticator.judge(await issuer.token())).toBe('INVALID')
    clock.pass(1)
    expect(await authenticator.judge(await issuer.token())).toBe('CALLER')
  })

  it('is followed at the end of that time though made-up key ids go on, and nobody asks again', async () => {
    await using issuer = await startIssuer()
    await using authenticator = startAuthenticator(issuer, { timing: { cooldownMs: 200 } })
    const junk = await issuer.token({}, { header: { kid: 'made-up' } })
    expect(await authenticator.judge(junk)).toBe('INVALID')
    issuer.rotate()
    const token = await issuer.token()
    for (let sent = 0; sent < 20; sent++) expect(await authenticator.judge(junk)).toBe('INVALID')
    expect(issuer.requestCount()).toBe(2)
    await until(() => issuer.requestCount() === 3)
    await until(async () => (await authenticator.judge(token)) === 'CALLER')
  })

  it('is followed, too, where the new key has the old one’s name, and ends the old one', async () => {
    const clock = createClock()
    await using issuer = await startIssuer()
    await using authenticator = startAuthenticator(issuer, { clock })
    const old = await issuer.token()
    expect(await authenticator.judge(old)).toBe('CALLER')
    issuer.rotate({ keepOld: false, keepKid: true })
    expect(await authenticator.judge(await issuer.token())).toBe('CALLER')
    expect(await authenticator.judge(old)).toBe('INVALID')
    const forged = await issuer.token({}, { key: createSigningKey() })
    for (let sent = 0; sent < 20; sent++) expect(await authenticator.judge(forged)).toBe('INVALID')
    expect(issuer.requestCount()).toBe(2)
  })

  it('ends a key that is no longer published when somebody says so', async () => {
    await using issuer = await startIssuer()
    await using authenticator = startAuthenticator(issuer)
    const old = await issuer.token()
    expect(await authenticator.judge(old)).toBe('CALLER')
    issuer.rotate({ keepOld: false })
    expect(await authenticator.judge(old)).toBe('CALLER')
    expect(await authenticator.reloadKeys()).toBe(true)
    expect(await authenticator.judge(old)).toBe('INVALID')
  })

  it('ends it no later than the issuer’s cache-control or the configuration says', async () => {
    await using issuer = await startIssuer()
    issuer.setHeaders({ 'cache-control': 'no-store' })
    await using heeding = startAuthenticator(issuer, { timing: { reloadMs: 600_000, minReloadMs: 50 } })
    await until(() => heeding.isReady())
    issuer.setHeaders({ 'cache-control': 'public, max-age=86400' })
    await using bounded = startAuthenticator(issuer, { timing: { reloadMs: 50 } })
    await until(() => bounded.isReady())
    const old = await issuer.token()
    issuer.setHeaders({ 'cache-control': 'no-cache' })
    issuer.rotate({ keepOld: false })
    for (const { judge } of [heeding, bounded]) await until(async () => (await judge(old)) === 'INVALID')
  })

  it('ends a key that is no longer published with the next reload', async () => {
    await using issuer = await startIssuer()
    await using authenticator = startAuthenticator(issuer, { timing: QUICK })
    const old = await issuer.token()
    expect(await authenticator.judge(old)).toBe('CALLER')
    issuer.rotate({ keepOld: false })
    await until(async () => (await authenticator.judge(old)) === 'INVALID')
    expect(await authenticator.judge(await issuer.token())).toBe('CALLER')
  })

  it('ends it, too, when an unknown key id brings the reload', async () => {
    await using issuer = await startIssuer()
    await using authenticator = startAuthenticator(issuer)
    const old = await issuer.token()
    expect(await authenticator.judge(old)).toBe('CALLER')
    issuer.rotate({ keepOld: false })
    expect(await authenticator.judge(await issuer.token())).toBe('CALLER')
    expect(await authenticator.judge(old)).toBe('INVALID')
  })
})

describe('the issuer is asked', () => {
  it('once in five seconds for a thousand tokens with made-up key ids', async () => {
    const clock = createClock()
    await using issuer = await startIssuer()
    await using authenticator = startAuthenticator(issuer, { clock })
    expect(await authenticator.judge(await issuer.token())).toBe('CALLER')
    const key = createSigningKey()
    const tokens = await Promise.all(
      Array.from({ length: 1_000 }, (_, index) =>
        issuer.token({}, { key, header: { kid: `made-up-${index}` } }),
      ),
    )
    const judgeAll = async () => new Set(await Promise.all(tokens.map(token => authenticator.judge(token))))
    const countsSeen: number[] = []
    for (const passedMs of [0, 4_999, 1, 4_999, 1]) {
      clock.pass(passedMs)
      expect(await judgeAll()).toEqual(new Set(['INVALID']))
      countsSeen.push(issuer.requestCount() - 1)
    }
    expect(countsSeen).toEqual([1, 1, 2, 2, 3])
    expect(await authenticator.judge(await issuer.token())).toBe('CALLER')
  })

  it('once by fifty calls that wait for a slow answer at the start', async () => {
    await using issuer = await startIssuer()
    issuer.setFault('SLOW')
    await using authenticator = startAuthenticator(issuer)
    const token = await issuer.token()
    const kinds = await Promise.all(Array.from({ length: 50 }, () => authenticator.judge(token)))
    expect(new Set(kinds)).toEqual(new Set(['CALLER']))
    expect(issuer.requestCount()).toBe(1)
  })

  it('once by fifty calls under a new key, and known keys do not wait for the answer', async () => {
    await using issuer = await startIssuer()
    await using authenticator = startAuthenticator(issuer)
    const old = await issuer.token()
    expect(await authenticator.judge(old)).toBe('CALLER')
    issuer.rotate()
    issuer.setFault('SLOW')
    const token = await issuer.token()
    const calls = Promise.all(Array.from({ length: 50 }, () => authenticator.judge(token)))
    const first = await Promise.race([calls.then(() => 'new key'), authenticator.judge(old)])
    expect(first).toBe('CALLER')
    expect(new Set(await calls)).toEqual(new Set(['CALLER']))
    expect(issuer.requestCount()).toBe(2)
  })

  it('by timer, again and again, until it is closed', async () => {
    await using issuer = await startIssuer()
    const clock = createHandClock(Date.now())
    const authenticator = startAuthenticator(issuer, { timing: QUICK, clock })
    for (const count of [1, 2, 3]) {
      await until(() => issuer.requestCount() === count)
      await clock.advance(QUICK.reloadMs)
    }
    await authenticator.close()
    expect(clock.scheduled).toBe(0)
    const requests = issuer.requestCount()
    expect(requests).toBeGreaterThanOrEqual(3)
    expect(await authenticator.judge(await issuer.token())).toBe('CALLER')
    expect(await authenticator.judge(await issuer.token({}, { header: { kid: 'unknown' } }))).toBe('INVALID')
    expect(issuer.requestCount()).toBe(requests)
    expect(authenticator.log.filter(line => line['msg'] !== 'token refused')).toEqual([])
  })

  it('no more by a call that was under way when it was closed', async () => {
    await using issuer = await startIssuer()
    issuer.setFault('SLOW')
    const clock = createHandClock(Date.now())
    const authenticator = startAuthenticator(issuer, { timing: QUICK, clock })
    const judged = authenticator.judge(await issuer.token())
    await authenticator.close()
    expect(await judged).toBe('UNAVAILABLE')
    await authenticator.close()
    await clock.advance(10 * QUICK.retryMs)
    expect(clock.scheduled).toBe(0)
    expect(issuer.requestCount()).toBeLessThanOrEqual(1)
    expect(authenticator.log).toEqual([])
  })
})

describe('of the published keys', () => {
  it('those are left alone that cannot be used, and the good one works', async () => {
    await using issuer = await startIssuer()
    issuer.publishedKeys.unshift(
      { kty: 'oct', k: 'c2VjcmV0', kid: 'symmetric', alg: 'HS256' },
      { kty: 'RSA', kid: 'without-numbers', alg: 'RS256' },
      { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA', kid: 'no-point', alg: 'ES256' },
      { kty: 'XXX', kid: 'unknown-kind' },
      { ...toJwk(createSigningKey()), use: 'enc', kid: 'for-encryption' },
      { ...toJwk(issuer.key), d: 'AAAA', kid: 'private' },
      null as never,
      'key' as never,
      [] as never,
    )
    await using authenticator = startAuthenticator(issuer)
    expect(await authenticator.judge(await issuer.token())).toBe('CALLER')
    for (const kid of ['symmetric', 'without-numbers', 'no-point', 'for-encryption', 'private']) {
      expect(await authenticator.judge(await issuer.token({}, { header: { kid } }))).toBe('INVALID')
    }
    expect(new Set(authenticator.log.map(line => line['reason']))).toEqual(
      new Set(['ERR_JWKS_NO_MATCHING_KEY']),
    )
  })

  it.each<[string, () => JWK]>([
    ['is too short', () => toPublicJwk(generateKeyPairSync('rsa', { modulusLength: 1024 }))],
    ['is for encryption', () => ({ ...toJwk(createSigningKey()), use: 'enc' })],
    ['is symmetric', () => ({ kty: 'oct', k: 'c2VjcmV0' })],
  ])('none is left when the only one %s', async (_name, create) => {
    await using issuer = await startIssuer()
    issuer.publishedKeys.splice(0, 1, create())
    await using authenticator = startAuthenticator(issuer)
    expect(await authenticator.judge(await issuer.token())).toBe('UNAVAILABLE')
    expect(authenticator.log).toEqual([
      { level: 40, reason: 'NO_USABLE_KEY', msg: 'no keys from the issuer' },
    ])
  })

  it('a hundred are looked at, however many there are, and none is tried for a token that names none', async () => {
    await using issuer = await startIssuer()
    const others = Array.from({ length: 600 }, (_, n) => toJwk(createSigningKey('ES256', `other-${n}`)))
    issuer.publishedKeys.push(...others)
    await using authenticator = startAuthenticator(issuer)
    expect(await authenticator.judge(await issuer.token())).toBe('CALLER')
    expect(authenticator.log).toEqual([
      { level: 40, ignored: 501, msg: 'the issuer publishes more keys than are read' },
    ])
    expect(await authenticator.judge(await issuer.token({}, { header: { kid: undefined } }))).toBe('INVALID')
    expect(authenticator.log.at(-1)?.['reason']).toBe('ERR_JWKS_MULTIPLE_MATCHING_KEYS')
  })

  it.each([
    ['a modulus of 16,384 bits', { n: Buffer.alloc(2_048, 0xc1).toString('base64url') }],
    ['an exponent as long as the modulus', { e: Buffer.alloc(256, 0xc1).toString('base64url') }],
  ])('none is used with %s, which makes each check dear', async (_what, change) => {
    await using issuer = await startIssuer({ alg: 'RS256' })
    const [jwk] = issuer.publishedKeys
    issuer.publishedKeys.splice(0, 1, { ...jwk, ...change } as JWK)
    await using authenticator = startAuthenticator(issuer)
    expect(await authenticator.judge(await issuer.token())).toBe('UNAVAILABLE')
    expect(authenticator.log[0]?.['reason']).toBe('NO_USABLE_KEY')
  })

  it('each that fits is tried when a token names none', async () => {
    await using issuer = await startIssuer()
    issuer.rotate()
    issuer.rotate()
    await using authenticator = startAuthenticator(issuer)
    const header = { kid: undefined }
    expect(await authenticator.judge(await issuer.token({}, { header }))).toBe('CALLER')
    const foreign = await issuer.token({}, { header, key: createSigningKey() })
    expect(await authenticator.judge(foreign)).toBe('INVALID')
  })

  const without = ({ ...jwk }: JWK, ...names: (keyof JWK)[]): JWK => {
    for (const name of names) delete jwk[name]
    return jwk
  }

  it.each<[string, (good: JWK, other: JWK) => unknown[]]>([
    ['is there twice', good => [good, good]],
    ['is there twice, once for encryption', good => [{ ...good, use: 'enc' }, good]],
    ['shares its id with another key', (good, other) => [{ ...other, kid: good.kid }, good]],
    ['shares its id with a key of another kind', good => [{ ...rsaJwk(), kid: good.kid }, good]],
    ['has no id', good => [without(good, 'kid')]],
    ['has no id, nor has another', (good, other) => [without(other, 'kid'), without(good, 'kid')]],
    ['has no id beside one that has', (good, other) => [other, without(good, 'kid')]],
    ['has an id that is null', good => [{ ...good, kid: null }]],
    ['has neither use nor alg', good => [without(good, 'use', 'alg')]],
    ['has members that are null', good => [{ ...good, use: null, alg: null, key_ops: null, x5c: null }]],
    ['may be used for more', good => [{ ...good, key_ops: ['verify', 'encrypt'] }]],
    [
      'comes after fifteen others without an id',
      good => [...Array.from({ length: 15 }, otherJwk), without(good, 'kid')],
    ],
  ])('the good one works though it %s', async (_name, publish) => {
    await using issuer = await startIssuer()
    const keys = publish(toJwk(issuer.key), otherJwk()) as JWK[]
    issuer.publishedKeys.splice(0, 1, ...keys)
    await using authenticator = startAuthenticator(issuer)
    expect(await authenticator.judge(await issuer.token())).toBe('CALLER')
    expect(await authenticator.judge(await issuer.token({}, { key: createSigningKey() }))).toBe('INVALID')
    expect(authenticator.log.filter(line => line['level'] !== 20)).toEqual([])
  })

  it.each(['gzip', 'br', 'deflate'])('those that come compressed with %s are read', async encoding => {
    await using issuer = await startIssuer()
    issuer.setHeaders({ 'content-encoding': encoding })
    await using authenticator = startAuthenticator(issuer)
    expect(await authenticator.judge(await issuer.token())).toBe('CALLER')
  })

  it('none fits any token: that is one warning in the log, and none once a token was good', async () => {
    await using issuer = await startIssuer()
    const [good] = issuer.publishedKeys.splice(0, 1, { ...otherJwk(), kid: 'other' })
    await using authenticator = startAuthenticator(issuer)
    const warnings = () => authenticator.log.filter(line => line['level'] === 40)
    for (let tries = 0; tries < 3; tries++)
      expect(await authenticator.judge(await issuer.token())).toBe('INVALID')
    expect(warnings()).toMatchObject([{ reason: 'ERR_JWKS_NO_MATCHING_KEY' }])
    issuer.publishedKeys.push(...(good === undefined ? [] : [good]))
    await using later = startAuthenticator(issuer)
    expect(await later.judge(await issuer.token())).toBe('CALLER')
    expect(await later.judge(await issuer.token({}, { header: { kid: 'unknown' } }))).toBe('INVALID')
    expect(later.log.filter(line => line['level'] === 40)).toEqual([])
  })
})

function otherJwk(): JWK {
  return toJwk(createSigningKey())
}

function rsaJwk(): JWK {
  return toPublicJwk(generateKeyPairSync('rsa', { modulusLength: 2048 }))
}

function toPublicJwk({ publicKey }: { publicKey: KeyObject }): JWK {
  return publicKey.export({ format: 'jwk' }) as JWK
}

async function findClosedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('No port')
  return address.port
}
