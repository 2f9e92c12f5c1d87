import { expect, it } from 'vitest'
import type { Caller } from '../src/access/caller.ts'
import { createCallerHash } from '../src/access/caller-hash.ts'
import { type StartAppOptions, startApp } from './support/app.ts'

const SUBJECT = 'ada.lovelace@example.com'
const CALLER: Caller = {
  issuer: 'issuer',
  subject: SUBJECT,
  client: null,
  scopes: new Set(),
  scopeNames: [],
  genauthId: null,
  isClient: false,
  authTimeS: null,
  expiresAtMs: Number.MAX_SAFE_INTEGER,
  acr: null,
  amr: [],
}

/** The log lines of what is asked, one after the other. */
async function linesOf(
  options: StartAppOptions,
  asked: readonly { readonly path?: string; readonly headers?: Readonly<Record<string, string>> }[],
) {
  await using app = await startApp(options)
  for (const { path = '/health', headers = {} } of asked) await app.fetch(path, { headers })
  const lines = () => app.log.filter(({ msg }) => msg === 'request')
  await expect.poll(() => lines().length).toBe(asked.length)
  expect(JSON.stringify(app.log)).not.toContain(SUBJECT)
  return lines()
}

it('the log has the address that a request came from, behind proxies that are trusted alone', async () => {
  const headers = { 'x-forwarded-for': '6.6.6.6, 203.0.113.7' }
  const asked = [{ headers }, { path: '/nowhere', headers }, {}]
  const addressesWith = async (env: Readonly<Record<string, string>>) =>
    (await linesOf({ env }, asked)).map(({ clientAddress }) => clientAddress)
  expect(await addressesWith({})).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.1'])
  for (const TRUST_PROXY of ['1', 'loopback', '127.0.0.1']) {
    expect(await addressesWith({ TRUST_PROXY })).toEqual(['203.0.113.7', '203.0.113.7', '127.0.0.1'])
  }
})

it('the log names a caller by issuer and a keyed hash, as soon as the token was found good', async () => {
  const path = '/schema.graphql'
  const asked = [{ path }, { path: '/graphql' }, { path, headers: { authorization: 'Bearer x' } }, {}]
  const lines = await linesOf({ claims: { sub: SUBJECT } }, asked)
  const [first, second, ...others] = lines.map(({ callerIssuer, callerHash }) => [callerIssuer, callerHash])
  expect(first).toEqual([expect.stringMatching(/^http:/), expect.stringMatching(/^[\da-f]{32}$/)])
  expect(second).toEqual(first)
  expect(others).toEqual([
    [undefined, undefined],
    [undefined, undefined],
  ])
})

it('the hash is another for another subject, issuer or key', () => {
  const hashOf = (caller: Partial<Caller> = {}, secret = 'secret') =>
    createCallerHash(secret)({ ...CALLER, ...caller })
  const others = [hashOf({ subject: 'grace' }), hashOf({ issuer: 'another' }), hashOf({}, 'another')]
  expect(new Set([hashOf(), ...others]).size).toBe(4)
  expect(hashOf({ client: 'another', acr: 'another' })).toBe(hashOf())
})

it('one caller has one hash in every token', async () => {
  await using app = await startApp({ claims: { sub: SUBJECT } })
  const again = await app.issuer.token({ sub: SUBJECT, scope: 'mfa:read' })
  await app.fetch('/graphql')
  await app.fetch('/graphql', { headers: { authorization: `Bearer ${again}` } })
  const hashes = () => app.log.flatMap(({ callerHash }) => callerHash ?? [])
  await expect.poll(() => hashes().length).toBe(2)
  expect(new Set(hashes()).size).toBe(1)
})
