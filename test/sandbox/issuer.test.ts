import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { startAuthenticator } from '../access/start-authenticator.ts'
import { clockAt } from '../support/hand-clock.ts'
import { send, toAnswer } from './clients.ts'

const NAMES = ['admin', 'reader', 'none'] as const
const SCOPE_NAMES = {
  admin: ['mfa:read', 'mfa:write', 'mfa:report', 'mfa:policy', 'mfa:audit'],
  reader: ['mfa:read'],
  none: [],
}

test.each([
  ['admin', ['READ', 'WRITE', 'REPORT', 'POLICY', 'AUDIT']],
  ['reader', ['READ']],
  ['none', []],
] as const)('The token of %s passes the real check and gives %j.', async (name, scopes) => {
  await using sandbox = await startSandbox({ port: 0 })
  await using authenticator = startAuthenticator(addressOf(sandbox), { tokenType: 'at+jwt' })
  const tokens = await getTokens(sandbox)
  const nowS = Math.floor(Date.now() / 1_000)
  const answer = await authenticator.authenticate(`Bearer ${tokens[name]}`)
  expect(answer).toEqual({
    kind: 'CALLER',
    caller: {
      issuer: `${sandbox.url}/sandbox`,
      subject: `sandbox-${name}`,
      client: 'sandbox',
      scopes: new Set(scopes),
      scopeNames: SCOPE_NAMES[name],
      genauthId: null,
      isClient: false,
      authTimeS: expect.any(Number),
      expiresAtMs: expect.any(Number),
      acr: 'mfa',
      amr: ['pwd', 'otp'],
    },
  })
  expect(answer.kind === 'CALLER' && Math.abs((answer.caller.authTimeS ?? 0) - nowS)).toBeLessThan(5)
})

test('There are three tokens and one public key, and nothing else is shown.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  expect(Object.keys(await getTokens(sandbox))).toEqual([...NAMES])
  const jwks = await (await fetch(addressOf(sandbox).jwksUrl)).json()
  expect(jwks).toEqual({
    keys: [
      {
        kty: 'EC',
        crv: 'P-256',
        x: expect.any(String),
        y: expect.any(String),
        kid: 'sandbox',
        alg: 'ES256',
        use: 'sig',
      },
    ],
  })
})

test('Its address is below its URL, for one audience, and the tokens agree.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  expect(sandbox.issuer).toEqual({
    jwksUrl: `${sandbox.url}/sandbox/jwks`,
    issuer: `${sandbox.url}/sandbox`,
    audience: 'genauth-graphql',
    consoleClientId: 'genauth-console',
  })
  const { admin } = await getTokens(sandbox)
  expect(decodeJwt(admin)).toMatchObject({ iss: `${sandbox.url}/sandbox`, aud: 'genauth-graphql' })
  expect(decodeProtectedHeader(admin)).toEqual({ alg: 'ES256', kid: 'sandbox', typ: 'at+jwt' })
})

test('A token works for eight hours by the clock of the sandbox, and a new one is to be had at any time.', async () => {
  let nowMs = Date.UTC(2026, 0, 15, 12)
  const now = () => nowMs
  await using sandbox = await startSandbox({ port: 0, now })
  await using authenticator = startAuthenticator(addressOf(sandbox), { clock: clockAt(now) })
  const { admin } = await getTokens(sandbox)
  nowMs += 8 * 60 * 60 * 1_000
  expect(await authenticator.judge(admin)).toBe('CALLER')
  nowMs += 31_000
  expect(await authenticator.judge(admin)).toBe('INVALID')
  expect(await authenticator.judge((await getTokens(sandbox)).admin)).toBe('CALLER')
})

test('The tokens of one sandbox are worth nothing at another, nor after a restart.', async () => {
  await using first = await startSandbox({ port: 0 })
  const { admin } = await getTokens(first)
  const { port } = new URL(first.url)
  await first.close()
  await using second = await startSandbox({ port: Number(port) })
  await using authenticator = startAuthenticator(addressOf(second))
  expect(await authenticator.judge(admin)).toBe('INVALID')
  expect(await authenticator.judge((await getTokens(second)).admin)).toBe('CALLER')
})

test("They are no credentials for the sandbox's own API.", async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const { admin } = await getTokens(sandbox)
  const headers = { authorization: `Bearer ${admin}`, 'x-authing-userpool-id': sandbox.userPoolId }
  const { body } = await send(sandbox, 'get-user', { userId: '65a000000000000000000001' }, headers)
  expect(body.statusCode).toBe(401)
})

test('A sandbox that issues no tokens knows neither path and has no key.', async () => {
  await using sandbox = await startSandbox({ port: 0, issuesTokens: false })
  expect(sandbox.issuer).toBe(null)
  for (const path of ['/sandbox/tokens', '/sandbox/jwks']) {
    const answer = await toAnswer(await fetch(`${sandbox.url}${path}`))
    expect(answer).toMatchObject({ httpStatus: 404, body: { statusCode: 404 } })
  }
})

test('The paths are not throttled and nobody is told of them.', async () => {
  const seen: string[] = []
  await using sandbox = await startSandbox({
    port: 0,
    maxRequestsPerSecond: 1,
    onRequest: ({ endpoint }) => seen.push(endpoint),
  })
  for (let times = 0; times < 5; times++) {
    expect((await fetch(`${sandbox.url}/sandbox/tokens`)).status).toBe(200)
    expect((await fetch(`${sandbox.url}/sandbox/jwks?x=/sandbox/tokens`)).status).toBe(200)
  }
  expect(seen).toEqual([])
})

test.each(['POST', 'PUT', 'DELETE', 'HEAD'])('%s is no way to get a token.', async method => {
  await using sandbox = await startSandbox({ port: 0 })
  expect((await fetch(`${sandbox.url}/sandbox/tokens`, { method })).status).toBe(404)
})

test.each([
  '/sandbox/tokens/',
  '/sandbox//tokens',
  '/SANDBOX/tokens',
  '/sandbox/Tokens',
  '/sandbox',
  '/api/v3/sandbox/tokens',
])('The path %s is not found.', async path => {
  await using sandbox = await startSandbox({ port: 0 })
  expect((await fetch(`${sandbox.url}${path}`)).status).toBe(404)
})

test.each(['/sandbox/tokens', '/sandbox/jwks'])('%s is not to be had under a foreign name.', async path => {
  await using sandbox = await startSandbox({ port: 0 })
  for (const [host, status] of [
    ['evil.example', 421],
    ['localhost', 200],
  ] as const) {
    const sent = request(`${sandbox.url}${path}`, { headers: { host } }).end()
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    response.resume()
    expect(response.statusCode).toBe(status)
  }
})

function addressOf({ issuer }: Sandbox) {
  if (issuer === null) throw new Error('The sandbox issues no tokens')
  return issuer
}

async function getTokens(sandbox: Sandbox): Promise<Record<(typeof NAMES)[number], string>> {
  const response = await fetch(`${sandbox.url}/sandbox/tokens`)
  return (await response.json()) as Record<(typeof NAMES)[number], string>
}
