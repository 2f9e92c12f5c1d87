import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, describe, expect, it } from 'vitest'
import { SIGNATURE_ALGORITHMS } from '../../src/access/algorithms.ts'
import { createSigningKey, startIssuer, type TokenOptions, toJwk } from '../support/issuer.ts'
import { createClock, startAuthenticator } from './start-authenticator.ts'

type Claims = Readonly<Record<string, unknown>>

const clock = createClock()
const NOW_S = Math.floor(clock.now() / 1_000)
const issuer = await startIssuer({ now: clock.now })
const attackersKey = createSigningKey()
afterAll(() => issuer[Symbol.asyncDispose]())
const ISSUER = issuer.env.AUTH_ISSUER
const AUDIENCE = issuer.env.AUTH_AUDIENCE

function start(options: Parameters<typeof startAuthenticator>[1] = {}) {
  return startAuthenticator(issuer, { clock, ...options })
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

describe('a token', () => {
  const ACCEPTED: [string, Claims, TokenOptions?][] = [
    ['as it should be', {}],
    ['for several audiences, ours among them', { aud: ['other', AUDIENCE] }],
    ['that ended 29 seconds ago', { exp: NOW_S - 29 }],
    ['that begins in 30 seconds', { nbf: NOW_S + 30 }],
    ['issued 30 seconds ahead of our clock', { iat: NOW_S + 30 }],
    ['issued long ago', { iat: 0 }],
    ['without a type', {}, { header: { typ: undefined } }],
    ['without a key id, where one key fits', {}, { header: { kid: undefined } }],
  ]

  it.each(ACCEPTED)('%s is accepted', async (_name, claims, options) => {
    await using authenticator = start()
    expect(await authenticator.judge(await issuer.token(claims, options))).toBe('CALLER')
  })

  const REFUSED: [string, Claims, TokenOptions, string][] = [
    ['that is not signed', {}, { forge: 'NONE' }, 'NOT_ONE_BEARER_JWT'],
    ['with the public key as its HMAC secret', {}, { forge: 'HS256' }, 'ERR_JOSE_ALG_NOT_ALLOWED'],
    ['of another key under a known id', {}, { key: attackersKey }, 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
    ['of an unknown key id', {}, { header: { kid: 'unknown' } }, 'ERR_JWKS_NO_MATCHING_KEY'],
    ['whose key id is no text', {}, { header: { kid: 7 } }, 'ERR_JWKS_NO_MATCHING_KEY'],
    ['without exp', { exp: undefined }, {}, 'ERR_JWT_CLAIM_VALIDATION_FAILED exp'],
    ['without iat', { iat: undefined }, {}, 'ERR_JWT_CLAIM_VALIDATION_FAILED iat'],
    ['without sub', { sub: undefined }, {}, 'ERR_JWT_CLAIM_VALIDATION_FAILED sub'],
    ['without iss', { iss: undefined }, {}, 'ERR_JWT_CLAIM_VALIDATION_FAILED iss'],
    ['without aud', { aud: undefined }, {}, 'ERR_JWT_CLAIM_VALIDATION_FAILED aud'],
    ['whose exp is null', { exp: null }, {}, 'ERR_JWT_CLAIM_VALIDATION_FAILED exp'],
    ['whose exp is text', { exp: String(NOW_S + 300) }, {}, 'ERR_JWT_CLAIM_VALIDATION_FAILED exp'],
    ['whose iat is text', { iat: String(NOW_S) }, {}, 'ERR_JWT_CLAIM_VALIDATION_FAILED iat'],
    ['whose sub is empty', { sub: '' }, {}, 'CLAIMS'],
    ['whose sub is a number', { sub: 7 }, {}, 'CLAIMS'],
    ['that ended 30 seconds ago', { exp: NOW_S - 30 }, {}, 'ERR_JWT_EXPIRED'],
    ['that begins in 31 seconds', { nbf: NOW_S + 31 }, {}, 'ERR_JWT_CLAIM_VALIDATION_FAILED nbf'],
    ['issued 31 seconds ahead of our clock', { iat: NOW_S + 31 }, {}, 'CLAIMS'],
    ['of another issuer', { iss: 'https://evil.example' }, {}, 'ERR_JWT_CLAIM_VALIDATION_FAILED iss'],
    ['whose issuer has one slash more', { iss: `${ISSUER}/` }, {}, 'ERR_JWT_CLAIM_VALIDATION_FAILED iss'],
    [
      'whose issuer is in other case',
      { iss: ISSUER.toUpperCase() },
      {},
      'ERR_JWT_CLAIM_VALIDATION_FAILED iss',
    ],
    ['whose issuer is a list', { iss: [ISSUER] }, {}, 'ERR_JWT_CLAIM_VALIDATION_FAILED iss'],
    ['for another audience', { aud: 'other' }, {}, 'ERR_JWT_CLAIM_VALIDATION_FAILED aud'],
    ['for other audiences', { aud: ['other', `${AUDIENCE}-2`] }, {}, 'ERR_JWT_CLAIM_VALIDATION_FAILED aud'],
    ['for no audience', { aud: [] }, {}, 'ERR_JWT_CLAIM_VALIDATION_FAILED aud'],
    [
      'with an unknown critical header',
      {},
      { header: { crit: ['urn:x'], 'urn:x': true } },
      'ERR_JOSE_NOT_SUPPORTED',
    ],
    ['whose claims are a list', {}, { payload: '[]' }, 'ERR_JWT_INVALID'],
    ['whose claims are no JSON', {}, { payload: 'iss=me' }, 'ERR_JWT_INVALID'],
    [
      'that ends at infinity',
      {},
      {
        payload: `{"iss":"${ISSUER}","aud":"${AUDIENCE}","sub":"somebody","iat":${NOW_S},"exp":1e999}`,
      },
      'CLAIMS',
    ],
  ]

  it.each(REFUSED)('%s is refused', async (_name, claims, options, reason) => {
    await using authenticator = start()
    // Otherwise the first token that names no known key is warned of.
    expect(await authenticator.judge(await issuer.token({ jti: 'before' }))).toBe('CALLER')
    expect(await authenticator.judge(await issuer.token(claims, options))).toBe('INVALID')
    const [code, claim] = reason.split(' ')
    expect(authenticator.log).toEqual([
      { level: 20, reason: code, msg: 'token refused', ...(claim === undefined ? {} : { claim }) },
    ])
    expect(await authenticator.judge(await issuer.token())).toBe('CALLER')
  })

  it.each<[string, Claims, string]>([
    ['client_id', { client_id: AUDIENCE, aud: undefined }, 'CALLER'],
    ['client_id', { client_id: 'other', aud: AUDIENCE }, 'INVALID'],
    ['client_id', { client_id: undefined, aud: AUDIENCE }, 'INVALID'],
    ['client_id', { client_id: { [AUDIENCE]: true } }, 'INVALID'],
    ['resource.ids', { resource: { ids: ['other', AUDIENCE] }, aud: undefined }, 'CALLER'],
    ['resource.ids', { resource: { ids: [`${AUDIENCE}-2`, [AUDIENCE]] } }, 'INVALID'],
  ])('whose audience is in %s is judged by that claim: %j', async (audienceClaim, claims, kind) => {
    await using authenticator = start({ audienceClaim })
    expect(await authenticator.judge(await issuer.token(claims))).toBe(kind)
    const refused = kind === 'CALLER' ? [] : [audienceClaim]
    expect(authenticator.log.map(line => line['claim'])).toEqual(refused)
  })

  it('with a changed payload is refused', async () => {
    await using authenticator = start()
    const [header, payload = '', signature] = (await issuer.token()).split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const changed = encode({ ...claims, sub: 'somebody-else' })
    expect(await authenticator.judge(`${header}.${changed}.${signature}`)).toBe('INVALID')
    expect(await authenticator.judge(`${header}.${payload}.${signature}`)).toBe('CALLER')
  })

  it.each(['HS256', 'none', 'None', 'NONE', 'ES256K', 'ML-DSA-44', '', undefined, null, ['ES256']])(
    'whose header says %j is refused, whatever is its signature',
    async alg => {
      await using authenticator = start()
      const [, payload, signature] = (await issuer.token()).split('.')
      const header = encode({ alg, kid: issuer.key.kid })
      expect(await authenticator.judge(`${header}.${payload}.${signature}`)).toBe('INVALID')
    },
  )

  it.each([...SIGNATURE_ALGORITHMS.keys()])('signed with %s is accepted', async alg => {
    await using other = await startIssuer({ alg })
    await using authenticator = startAuthenticator(other)
    expect(await authenticator.judge(await other.token())).toBe('CALLER')
    expect(await authenticator.judge(await other.token({}, { forge: 'HS256' }))).toBe('INVALID')
  })

  it.each([
    ['EdDSA', 'Ed25519'],
    ['Ed25519', 'EdDSA'],
  ])('signed with %s is accepted under a key for %s, which is the same', async (alg, keyAlg) => {
    await using other = await startIssuer({ alg })
    other.publishedKeys.splice(0, 1, { ...toJwk(other.key), alg: keyAlg })
    await using authenticator = startAuthenticator(other)
    expect(await authenticator.judge(await other.token())).toBe('CALLER')
  })

  it.each([
    ['at+jwt', 'CALLER'],
    ['AT+JWT', 'CALLER'],
    ['application/at+jwt', 'CALLER'],
    ['JWT', 'INVALID'],
    ['id+jwt', 'INVALID'],
    [undefined, 'INVALID'],
  ])('of type %s comes to %s where at+jwt is asked for', async (typ, kind) => {
    await using authenticator = start({ tokenType: 'at+jwt' })
    expect(await authenticator.judge(await issuer.token({}, { header: { typ } }))).toBe(kind)
  })

  it('that brings its own key, or says where to get one, is refused and nobody is asked', async () => {
    let requests = 0
    const attacker = createServer((_request, response) => {
      requests += 1
      response.end(JSON.stringify({ keys: [toJwk(attackersKey)] }))
    })
    await new Promise<void>(resolve => attacker.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(attacker.address() as AddressInfo).port}/jwks`
    await using authenticator = start()
    for (const extra of [{ jku: url }, { x5u: url }, { jwk: toJwk(attackersKey) }]) {
      for (const kid of [issuer.key.kid, attackersKey.kid, undefined]) {
        const token = await issuer.token({}, { key: attackersKey, header: { ...extra, kid } })
        expect(await authenticator.judge(token)).toBe('INVALID')
      }
    }
    expect(requests).toBe(0)
    await new Promise(resolve => attacker.close(resolve))
  })
})

describe('the Authorization header', () => {
  it('is missing only where there is none', async () => {
    await using authenticator = start()
    expect(await authenticator.authenticate(undefined)).toEqual({ kind: 'MISSING' })
    expect(await authenticator.authenticate('')).toEqual({ kind: 'INVALID' })
  })

  it.each(['Bearer', 'bearer', 'BEARER', 'bEaReR', 'Bearer '])('takes the scheme as "%s"', async scheme => {
    await using authenticator = start()
    expect(await authenticator.authenticate(`${scheme} ${await issuer.token()}`)).toMatchObject({
      kind: 'CALLER',
    })
  })

  it.each<[string, (token: string) => string]>([
    ['another scheme', token => `Basic ${token}`],
    ['a scheme that begins alike', token => `BearerToken ${token}`],
    ['no scheme', token => token],
    ['the scheme alone', () => 'Bearer'],
    ['the scheme and a space', () => 'Bearer '],
    ['no space', token => `Bearer${token}`],
    ['a tab', token => `Bearer\t${token}`],
    ['two tokens', token => `Bearer ${token} ${token}`],
    ['two tokens with a comma', token => `Bearer ${token},${token}`],
    ['two credentials with a comma', token => `Bearer ${token}, Bearer ${token}`],
    ['a parameter', token => `Bearer ${token} realm="x"`],
    ['quotes', token => `Bearer "${token}"`],
    ['a line more', token => `Bearer ${token}\nX: y`],
    ['a line end', token => `Bearer ${token}\n`],
    ['a NUL', token => `Bearer ${token}\0`],
    ['four parts', token => `Bearer ${token}.AAAA`],
    ['two parts', token => `Bearer ${token.split('.').slice(0, 2).join('.')}`],
    ['empty parts', () => 'Bearer ..'],
    ['an e-mail', () => 'Bearer canary.person@example.com'],
    ['a no-break space', token => `Bearer\u00a0${token}`],
    ['a zero-width space', token => `Bearer ${token}\u200b`],
    ['a long s that looks like one', token => `Bearer ${token.replace('s', 'ſ')}x`],
    ['full-width dots', token => `Bearer ${token.replaceAll('.', '．')}`],
    ['half an emoji', token => `Bearer ${token}\ud83d`],
    ['an Arabic mark of direction', token => `\u202eBearer ${token}`],
    ['padding', token => `Bearer ${token}==`],
  ])('with %s is refused', async (_name, toHeader) => {
    await using authenticator = start()
    const requestsBefore = issuer.requestCount()
    expect(await authenticator.authenticate(toHeader(await issuer.token()))).toEqual({ kind: 'INVALID' })
    // The one at the start, and the one of the test before, which may still be on its way.
    expect(issuer.requestCount() - requestsBefore).toBeLessThanOrEqual(2)
  })

  it('is refused for its size before anything is done with it', async () => {
    await using authenticator = start()
    expect(await authenticator.judge(await issuer.token({ x: 'x'.repeat(8_000) }))).toBe('CALLER')
    expect(await authenticator.judge(await issuer.token({ x: 'x'.repeat(16_000) }))).toBe('INVALID')
    const megabyte = await issuer.token({ x: 'x'.repeat(1024 * 1024) })
    const startedAtMs = performance.now()
    for (let times = 0; times < 10_000; times++) {
      await authenticator.authenticate(`Bearer ${megabyte}`)
    }
    expect(performance.now() - startedAtMs).toBeLessThan(2_000)
    expect(authenticator.log[0]).toMatchObject({ reason: 'TOO_LARGE' })
  })
})
