import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { createDeadline } from '../../src/base/deadline.ts'
import { Events } from '../../src/base/events.ts'
import { createGenAuthClient } from '../../src/genauth/client.ts'
import { sign, toStringToSign } from '../../src/genauth/credentials/signature.ts'
import type { UpstreamEvents } from '../../src/genauth/upstream-observer.ts'
import { createLog } from '../../src/log.ts'
import { ownCallContext } from '../../src/mfa/call-context.ts'
import { EMPTY_MFA_STATE } from '../../src/mfa/mfa-state.ts'
import type { UserRef } from '../../src/mfa/user-ref.ts'
import type { Json } from '../support/app.ts'
import { failing, type SeenRequest, startFakeGenAuth } from '../support/fake-genauth.ts'
import recorded from './signature-vectors.json' with { type: 'json' }

const officialSignature: {
  buildStringToSign(method: string, path: string, headers: object, params: object): string
  buildSignature(secret: string, stringToSign: string): string
} = createRequire(import.meta.url)('authing-node-sdk/dist/utils/buildSignature.js')

/** Brings back the undefined values, which JSON cannot hold. */
function toParams(params: Record<string, Json>): Record<string, unknown> {
  const entries = Object.entries(params)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, value?.$undefined === true ? undefined : value]),
  )
}

describe('the string to sign', () => {
  it.each(recorded.vectors)(
    'is the recorded one: $id',
    ({ method, path, params, headers, stringToSign, authorization }) => {
      const prefix = authorization.startsWith('GenAuth') ? 'x-genauth-' : 'x-authing-'
      const request = { method: method as 'GET' | 'POST', path, params: toParams(params), headers }
      expect(toStringToSign(request, prefix)).toBe(stringToSign)
      expect(authorization).toMatch(new RegExp(`^\\w+ ${recorded.accessKeyId}:`))
      expect(authorization.split(':')[1]).toBe(sign(stringToSign, recorded.accessKeySecret))
    },
  )

  it('has a vector for every trap that is known', () => {
    expect(recorded.vectors).toHaveLength(14)
  })
})

/** What the client signed, as a server sees it. */
function signedBy(request: SeenRequest, path: string, params: object) {
  return officialSignature.buildStringToSign(request.method, path, request.headers, params)
}

const UNOBSERVED = { events: new Events<UpstreamEvents>(), tracer: null, clock: systemClock }

describe('our client and the official SDK', () => {
  const users: UserRef[] = [
    { userId: '张三😀é', userIdType: 'USERNAME' },
    { userId: 'a+b&c=d e%20/?#@x.com', userIdType: 'EMAIL' },
  ]

  it('sign every call over the same string', async () => {
    await using genauth = await startFakeGenAuth()
    const client = createGenAuthClient({
      url: genauth.env['GENAUTH_URL'] ?? '',
      accessKey: { accessKeyId: 'key-id', accessKeySecret: recorded.accessKeySecret },
      rereadKey: null,
      auth: 'signature',
      userPoolId: null,
      headerPrefix: 'x-authing-',
      signatureScheme: 'authing',
      tenant: { id: 'tenant-1', header: 'x-authing-tenant-id' },
      timeoutMs: 2_000,
      maxRps: 1_000,
      log: createLog('silent'),
      clock: systemClock,
      observer: UNOBSERVED,
    })
    const upstream = client.upstreamFor(ownCallContext(createDeadline(10_000, systemClock)))
    for (const user of users) {
      await upstream.readMfa(user)
      await upstream.readBindings(user)
      await upstream.findUsers([user])
      await upstream.writeMfa({ userId: user.userId, userIdType: 'USER_ID' }, EMPTY_MFA_STATE, 'token')
    }
    await upstream.readGlobalFactors()
    await upstream.findUsers([...users, { userId: 'z', userIdType: 'EMAIL' }])
    await client.close()

    for (const request of genauth.seen) {
      const params =
        request.endpoint === 'get-user-batch'
          ? { userIds: ['a+b&c=d e%20/?#@x.com', 'z'], userIdType: 'email' }
          : request.params
      const text = signedBy(request, `/api/v3/${request.endpoint}`, params)
      const signature = officialSignature.buildSignature(recorded.accessKeySecret, text)
      expect(request.headers.authorization).toBe(`authing key-id:${signature}`)
      expect(text).toContain('x-authing-tenant-id:tenant-1')
    }
    expect(new Set(genauth.seen.map(request => request.endpoint)).size).toBe(6)
  })

  it('never use a nonce twice, not for a repeat either', async () => {
    await using genauth = await startFakeGenAuth()
    const client = createGenAuthClient({
      url: genauth.env['GENAUTH_URL'] ?? '',
      accessKey: { accessKeyId: 'key-id', accessKeySecret: 'secret' },
      rereadKey: null,
      auth: 'signature',
      userPoolId: null,
      headerPrefix: 'x-genauth-',
      signatureScheme: 'GenAuth',
      tenant: null,
      timeoutMs: 2_000,
      maxRps: 1_000,
      log: createLog('silent'),
      clock: { ...systemClock, now: () => Date.UTC(2015, 9, 21, 7, 28) },
      observer: UNOBSERVED,
    })
    genauth.reply('get-mfa-status', failing(401))
    const upstream = client.upstreamFor(ownCallContext(createDeadline(10_000, systemClock)))
    for (let call = 0; call < 20; call++) await upstream.readMfa({ userId: 'u', userIdType: 'USER_ID' })
    await client.close()
    const nonces = genauth.seen.map(({ headers }) => String(headers['x-genauth-signature-nonce']))
    expect(new Set(nonces).size).toBe(20)
    for (const nonce of nonces) expect(nonce).toMatch(/^[0-9a-f]{32}$/)
    expect(genauth.seen[0]?.headers).toMatchObject({
      date: 'Wed, 21 Oct 2015 07:28:00 GMT',
      authorization: expect.stringMatching(/^GenAuth key-id:/),
    })
  })
})
