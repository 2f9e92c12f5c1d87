import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'vitest'
import type { Json, TestUpstream } from './app.ts'
import { CANARY } from './canaries.ts'

/** One request as the fake upstream saw it. */
export interface SeenRequest {
  readonly endpoint: string
  readonly method: string
  readonly headers: IncomingMessage['headers']
  /** The query of a GET, or the body of a POST. */
  readonly params: Json
}

interface PlainReply {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body: unknown
}

/** A body with an HTTP status, or anything at all that is done to the response. */
export type Reply =
  | PlainReply
  | ((response: ServerResponse, request: IncomingMessage, params: Json) => void | Promise<void>)

export interface FakeGenAuth extends TestUpstream {
  readonly seen: SeenRequest[]
  /** Sets the replies to the next calls of an endpoint, in order. The last one stays. */
  reply(endpoint: string, ...replies: Reply[]): void
  seenOf(endpoint: string): SeenRequest[]
  /** The state that is stored for all users. */
  stored: Json
  /** Returns a reply that stores the write first, or after some time. */
  storing(reply: Reply, afterMs?: number): Reply
  /** Forgets the calls, the replies and the state of the case before. */
  reset(): void
}

const DOCUMENTED_KEYS = new Set([
  'mfaToken',
  'mfaPhone',
  'mfaPhoneCountryCode',
  'mfaEmail',
  'nickname',
  'username',
  'phone',
  'phoneCountryCode',
  'faceMfaEnabled',
  'totpMfaEnabled',
  'applicationMfa',
])

const BOUND = {
  totpStatus: 'enabled',
  faceMfaStatus: 'disabled',
  smsMfaStatus: 'enabled',
  emailMfaStatus: 'disabled',
}

export const POOL_ID = '59f86b4832eb28071bdd9214'

/** Returns a success in GenAuth's envelope. */
export function ok(data: unknown): PlainReply {
  return { body: { statusCode: 200, message: '', data } }
}

/** Returns a failure in GenAuth's envelope. Its text holds words that must never be passed on. */
export function failing(statusCode: number, apiCode?: number): PlainReply {
  const message = `upstream text with ${CANARY.phone} and ${CANARY.mfaToken}`
  return { body: { statusCode, apiCode, message, requestId: 'upstream-request-1' } }
}

/** Returns a management token with claims like GenAuth's. */
export function managementToken(serial = 1): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  return `${encode({ alg: 'HS256' })}.${encode({ scoped_userpool_id: POOL_ID, serial })}.signature-${serial}`
}

/** Returns the trigger data of a user with two known factors and an unknown one between them. */
export function triggerData(changes: Record<string, unknown> = {}) {
  return {
    mfaToken: CANARY.mfaToken,
    mfaPhone: CANARY.phone,
    mfaPhoneCountryCode: '+86',
    mfaEmail: CANARY.email,
    nickname: null,
    username: 'someone',
    phone: null,
    phoneCountryCode: null,
    faceMfaEnabled: false,
    totpMfaEnabled: true,
    applicationMfa: [
      { mfaPolicy: 'SMS', status: 1, sort: 0 },
      { mfaPolicy: 'PASSKEY', status: 7, sort: 1 },
      { mfaPolicy: 'OTP', status: 1, sort: 2 },
    ],
    ...changes,
  }
}

/**
 * Starts a GenAuth that replies as a test says. It checks every request for the rules that always hold: credentials, no
 * encoding, and only documented keys in a write.
 */
export async function startFakeGenAuth(): Promise<FakeGenAuth> {
  const seen: SeenRequest[] = []
  const calls: string[] = []
  const faults: unknown[] = []
  const replies = new Map<string, Reply[]>()

  const server = createServer((request, response) => {
    void answer(request, response).catch(error => {
      faults.push(error)
      response.destroy()
    })
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://localhost')
    const endpoint = url.pathname.replace(/^.*\/api\/v3\//, '')
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const params = text === '' ? Object.fromEntries(url.searchParams) : JSON.parse(text)
    seen.push({ endpoint, method: request.method ?? '', headers: request.headers, params })
    checkRequest(endpoint, request, params)
    if (endpoint !== 'get-management-token') calls.push(endpoint)
    const queue = replies.get(endpoint) ?? []
    const reply = queue.length > 1 ? queue.shift() : queue[0]
    if (reply === undefined) throw new Error(`No reply to ${endpoint}`)
    if (typeof reply === 'function') await reply(response, request, params)
    else send(response, reply)
  }

  function send(response: ServerResponse, reply: PlainReply): void {
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers })
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body))
  }

  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const genauth: FakeGenAuth = {
    env: {
      GENAUTH_URL: `http://127.0.0.1:${port}`,
      GENAUTH_ACCESS_KEY_ID: 'fake-access-key-id',
      GENAUTH_ACCESS_KEY_SECRET: CANARY.accessKeySecret,
    },
    seen,
    seenOf: endpoint => seen.filter(request => request.endpoint === endpoint),
    takeCalls: () => calls.splice(0),
    reply: (endpoint, ...next) => void replies.set(endpoint, next),
    stored: null,
    reset() {
      for (const list of [seen, calls]) list.length = 0
      replies.clear()
      genauth.stored = triggerData()
      genauth.reply('get-management-token', ok({ access_token: managementToken(), expires_in: 7200 }))
      genauth.reply('get-mfa-status', response => send(response, ok(genauth.stored)))
      genauth.reply('set-mfa-status', genauth.storing(ok({ success: true })))
      genauth.reply('get-user-mfa-info', ok(BOUND))
      genauth.reply('get-user', ok({ userId: '65b000000000000000000001' }))
      genauth.reply('get-user-batch', ok([]))
      genauth.reply('get-global-mfa-settings', ok({ enabledFactors: ['SMS', 'OTP', 'EMAIL', 'FACE'] }))
    },
    storing:
      (reply, afterMs = 0) =>
      async (response, request, params) => {
        const store = () => {
          genauth.stored = params.mfaTriggerData
        }
        if (afterMs === 0) store()
        else setTimeout(store, afterMs)
        if (typeof reply === 'function') await reply(response, request, params)
        else send(response, reply)
      },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      expect(faults).toEqual([])
    },
  }
  genauth.reset()
  return genauth
}

function checkRequest(endpoint: string, { headers }: IncomingMessage, params: Json): void {
  expect(headers['accept-encoding']).toBe('identity')
  expect(headers['x-authing-lang'] ?? headers['x-genauth-lang'] ?? endpoint).toMatch(/^en-US$|token$/)
  if (endpoint !== 'get-management-token') {
    expect(headers.authorization).toMatch(/^(Bearer [\w.-]+|(authing|GenAuth) [\w-]+:[\w+/]+=)$/)
  }
  if (endpoint === 'set-mfa-status') {
    expect(Object.keys(params).sort()).toEqual(['mfaTriggerData', 'userId', 'userIdType'])
    expect(params.userIdType).toBe('user_id')
    for (const key of Object.keys(params.mfaTriggerData)) expect(DOCUMENTED_KEYS).toContain(key)
    for (const factor of params.mfaTriggerData.applicationMfa) {
      expect(Object.keys(factor).sort()).toEqual(['mfaPolicy', 'sort', 'status'])
    }
    expect(params.mfaTriggerData.mfaToken).toEqual(expect.any(String))
  }
}
