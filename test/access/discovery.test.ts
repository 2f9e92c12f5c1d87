import { expect, it } from 'vitest'
import { startIssuer, type TestIssuer } from '../support/issuer.ts'
import { createClock, startAuthenticator } from './start-authenticator.ts'

const OPENID = '/.well-known/openid-configuration'
const OAUTH = '/.well-known/oauth-authorization-server'

function toMetadata({ env }: TestIssuer, changes: Record<string, unknown> = {}) {
  return { issuer: env.AUTH_ISSUER, jwks_uri: env.AUTH_JWKS_URL, response_types_supported: [], ...changes }
}

it.each([OPENID, OAUTH])('the keys are found by the document at %s', async path => {
  await using issuer = await startIssuer()
  issuer.publish(path, toMetadata(issuer))
  await using authenticator = startAuthenticator(issuer, { jwksUrl: null })
  expect(await authenticator.judge(await issuer.token())).toBe('CALLER')
})

it.each([
  ['/realms/one', `/realms/one${OPENID}`],
  ['/realms/one/', `/realms/one${OPENID}`],
  ['/realms/one', `${OAUTH}/realms/one`],
  ['/', OPENID],
])('those of an issuer at %s are found at %s', async (path, documentPath) => {
  await using issuer = await startIssuer()
  const named = `${issuer.env.AUTH_ISSUER}${path}`
  issuer.publish(documentPath, toMetadata(issuer, { issuer: named }))
  await using authenticator = startAuthenticator(issuer, { jwksUrl: null, issuer: named })
  expect(await authenticator.judge(await issuer.token({ iss: named }))).toBe('CALLER')
})

it('OpenID Connect goes before RFC 8414, which answers where the first has no right document', async () => {
  await using issuer = await startIssuer()
  issuer.publish(OPENID, toMetadata(issuer, { issuer: 'https://other.example' }))
  issuer.publish(OAUTH, toMetadata(issuer))
  await using authenticator = startAuthenticator(issuer, { jwksUrl: null })
  expect(await authenticator.judge(await issuer.token())).toBe('CALLER')
})

it.each<[string, unknown, string]>([
  ['of another issuer', { issuer: 'https://other.example' }, 'OTHER_ISSUER'],
  ['without an issuer', { issuer: undefined }, 'NOT_METADATA'],
  ['whose issuer is a list', { issuer: ['x'] }, 'NOT_METADATA'],
  ['without keys', { jwks_uri: undefined }, 'NOT_METADATA'],
  ['whose keys are in a file', { jwks_uri: 'file:///etc/keys' }, 'NOT_METADATA'],
  ['whose keys are at no URL', { jwks_uri: '/jwks' }, 'NOT_METADATA'],
  ['that sends to another machine over plain http', { jwks_uri: 'http://keys.example/jwks' }, 'OPEN_WIRE'],
])('a document %s is no such document, and is asked for again', async (_name, changes, reason) => {
  const clock = createClock()
  await using issuer = await startIssuer()
  issuer.publish(OPENID, toMetadata(issuer, changes as Record<string, unknown>))
  await using authenticator = startAuthenticator(issuer, { jwksUrl: null, clock })
  expect(await authenticator.judge(await issuer.token())).toBe('UNAVAILABLE')
  expect(authenticator.isReady()).toBe(false)
  expect(authenticator.log).toEqual([{ level: 40, reason, msg: 'no keys from the issuer' }])
  issuer.publish(OPENID, toMetadata(issuer))
  clock.pass(5_000)
  expect(await authenticator.judge(await issuer.token())).toBe('CALLER')
  expect(authenticator.isReady()).toBe(true)
})

it('keys that move are followed, and those that are known outlive the document', async () => {
  await using issuer = await startIssuer()
  await using moved = await startIssuer()
  issuer.publish(OPENID, toMetadata(issuer))
  await using authenticator = startAuthenticator(issuer, { jwksUrl: null })
  expect(await authenticator.judge(await issuer.token())).toBe('CALLER')
  issuer.publish(OPENID, toMetadata(issuer, { jwks_uri: moved.env.AUTH_JWKS_URL }))
  expect(await authenticator.reloadKeys()).toBe(true)
  expect(
    await authenticator.judge(await issuer.token({}, { key: moved.key, header: { kid: moved.key.kid } })),
  ).toBe('CALLER')
  issuer.publish(OPENID, undefined)
  moved.rotate()
  expect(await authenticator.reloadKeys()).toBe(true)
  expect(
    await authenticator.judge(await issuer.token({}, { key: moved.key, header: { kid: moved.key.kid } })),
  ).toBe('CALLER')
})
