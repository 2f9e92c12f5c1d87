import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { startApp, type TestApp } from './support/app.ts'
import { createSigningKey, type TokenOptions, toJwk } from './support/issuer.ts'
import { takeErrors } from './support/request-ids.ts'

const SET =
  'mutation { setUserMfaStatus(input: { userId: "65a000000000000000000001", disable: [SMS] }) { __typename } }'
const attackersKey = createSigningKey()

/** Sends the set with a token of the issuer that the app trusts, but for what is changed. */
async function setWith(app: TestApp, claims: Record<string, unknown>, options?: TokenOptions) {
  const token = await app.issuer.token(claims, options)
  return app.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: SET }),
  })
}

describe('table B: a token', () => {
  it.each<[string, Record<string, unknown>, TokenOptions?]>([
    ['B2 of the algorithm none', {}, { forge: 'NONE' }],
    ['B2 signed with the public key as a secret', {}, { forge: 'HS256' }],
    ['B3 signed by another key under a known id', {}, { key: attackersKey }],
    ['B3 of a key id that is not published', {}, { header: { kid: 'unknown' } }],
    ['B5 without an end', { exp: undefined }],
    ['B5 without a beginning', { iat: undefined }],
    ['B5 of nobody', { sub: undefined }],
    ['B6 of another issuer', { iss: 'https://evil.example' }],
    ['B6 for another audience', { aud: 'another-api' }],
    ['B8 with a critical header that nobody knows', {}, { header: { crit: ['x'], x: 1 } }],
    ['B8 with a key of its own', {}, { key: attackersKey, header: { jwk: toJwk(attackersKey) } }],
    ['B10 of 12 KB', { padding: 'x'.repeat(9_000) }, { key: attackersKey }],
    ['that has ended', { exp: 1_000_000_000 }],
    ['that has not begun', { nbf: 4_000_000_000 }],
  ])(
    '%s is refused as what it is, writes nothing, and the next good one works',
    async (_name, claims, options) => {
      await using app = await startApp({ claims: null })
      const refused = await setWith(app, claims, options)
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
        401,
        'Bearer error="invalid_token"',
      ])
      expect(takeErrors(refused.headers.get('x-request-id'), refused.text)).toEqual([
        { message: 'The token is not valid here.', extensions: { code: 'UNAUTHENTICATED' } },
      ])
      expect(app.takeCalls()).toEqual([])
      expect((await setWith(app, {})).status).toBe(200)
      expect(app.takeCalls()).toContain('set-mfa-status')
    },
  )

  it('B6 of the issuer with one slash more is refused', async () => {
    await using app = await startApp({ claims: null })
    expect((await setWith(app, { iss: `${app.issuer.env.AUTH_ISSUER}/` })).status).toBe(401)
  })

  it('B3 with a changed payload is refused', async () => {
    await using app = await startApp({ claims: null })
    const [header, , signature] = (await app.issuer.token({ scope: 'mfa:read' })).split('.')
    const [, payload] = (await app.issuer.token({ scope: 'mfa:write' })).split('.')
    const authorization = `Bearer ${header}.${payload}.${signature}`
    const headers = { 'content-type': 'application/json', authorization }
    const answer = await app.fetch('/graphql', { method: 'POST', headers, body: '{}' })
    expect(answer.status).toBe(401)
  })

  it('B8 that says where to get a key is refused, and nobody is asked', async () => {
    let requests = 0
    const attacker = createServer((_request, response) => {
      requests++
      response.end(JSON.stringify({ keys: [toJwk(attackersKey)] }))
    }).listen(0, '127.0.0.1')
    await once(attacker, 'listening')
    const url = `http://127.0.0.1:${(attacker.address() as AddressInfo).port}/`
    await using app = await startApp({ claims: null })
    for (const header of [{ jku: url }, { x5u: url }]) {
      expect((await setWith(app, {}, { key: attackersKey, header })).status).toBe(401)
    }
    expect(requests).toBe(0)
    attacker.close()
  })

  it.each([
    [17 * 1_024, 431],
    [1_024 * 1_024, 431],
  ])('B10 in a header of %i bytes is refused before it is looked at', async (bytes, status) => {
    await using app = await startApp({ claims: null })
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${'x'.repeat(bytes)}` }
    const answer = await app.fetch('/graphql', { method: 'POST', headers, body: '{}' }).catch(() => null)
    // Node closes the connection behind its answer, which a client that still sends may not see.
    if (answer !== null) expect(answer.status).toBe(status)
    expect((await setWith(app, {})).status).toBe(200)
  })

  it.each(['DOWN', 'HTML', 'REDIRECT', 'EMPTY', 'ERROR'] as const)(
    'B12 is not called bad while nobody can say so: the key set is %s',
    async fault => {
      await using app = await startApp({ claims: null, issuerFault: fault })
      const answer = await setWith(app, {})
      expect([answer.status, JSON.parse(answer.text).errors[0].extensions.code]).toEqual([
        503,
        'AUTHENTICATION_UNAVAILABLE',
      ])
      expect((await app.fetch('/ready')).status).toBe(503)
      expect(app.takeCalls()).toEqual([])
    },
  )

  it('B14 under a new key is accepted at once, and one under the old key while it is published', async () => {
    await using app = await startApp({ claims: null })
    expect((await setWith(app, {})).status).toBe(200)
    const old = app.issuer.key
    app.issuer.rotate()
    expect((await setWith(app, {})).status).toBe(200)
    expect((await setWith(app, {}, { key: old, header: { kid: old.kid } })).status).toBe(200)
  })

  it('B16 is what counts, and no header that names a user or scopes', async () => {
    await using app = await startApp({ claims: null })
    const claimed = { 'x-user-id': 'admin', 'x-scopes': 'mfa:write', 'x-forwarded-user': 'admin' }
    const headers = { 'content-type': 'application/json', ...claimed }
    const body = JSON.stringify({ query: SET })
    expect((await app.fetch('/graphql', { method: 'POST', headers, body })).status).toBe(401)
    const authorization = `Bearer ${await app.issuer.token({ scope: 'mfa:read' })}`
    const reader = { method: 'POST', headers: { ...headers, authorization }, body }
    expect(JSON.parse((await app.fetch('/graphql', reader)).text).errors[0].extensions.code).toBe('FORBIDDEN')
    expect(app.takeCalls()).toEqual([])
  })
})
