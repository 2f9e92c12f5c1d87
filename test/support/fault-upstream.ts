import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import type { Json, TestUpstream } from './app.ts'
import { CANARY } from './canaries.ts'
import { managementToken, triggerData } from './fake-genauth.ts'

/** One request as it was received. */
interface FaultyRequest {
  readonly endpoint: string
  readonly userId: string
  /** The number of requests to this endpoint about this user, this one included. */
  readonly nth: number
  readonly atMs: number
  readonly authorization: string | undefined
}

/** A request that waits for its reply, and the socket for a wrong one. */
interface Pending {
  readonly socket: Socket
  /** The body of the right reply. */
  readonly body: string
  /** Writes the right reply, or the same with some parts replaced. */
  answer(parts?: AnswerParts): void
}

export interface AnswerParts {
  readonly status?: string
  readonly headers?: Readonly<Record<string, string | number>>
  readonly body?: string
}

/** Does something in place of a reply. */
export type Fault = (pending: Pending) => void

export interface FaultUpstream extends TestUpstream {
  readonly url: string
  readonly port: number
  readonly requests: readonly FaultyRequest[]
  /** Users in the order in which their state was stored. */
  readonly writes: readonly string[]
  /** The codes of the factors stored for a user. */
  factorsOf(userId: string): string[]
  requestsOf(endpoint: string, userId?: string): FaultyRequest[]
  /** Replies wrongly from now on. If `toFault` returns `null`, the request gets the right reply. */
  behave(toFault: (request: FaultyRequest) => Fault | null): void
  /** Chooses the writes that are carried out. By default that is all of them. */
  store(doesStore: (userId: string) => boolean): void
  /** Refuses all tokens that were issued so far. */
  revokeTokens(): void
  /** Connections accepted so far. */
  connections(): number
}

export interface FaultUpstreamOptions {
  /** Serves TLS with these options. */
  readonly tls?: TlsOptions
  /** Closes a connection after so many milliseconds without a request. */
  readonly idleMs?: number
  /** The time before each reply, good or bad. */
  readonly latencyMs?: number
}

const BEFORE = triggerData()
const BINDINGS = {
  totpStatus: 'enabled',
  faceMfaStatus: 'disabled',
  smsMfaStatus: 'enabled',
  emailMfaStatus: 'disabled',
}

/** Starts a GenAuth on a bare socket, so that it can break every rule of HTTP. It keeps a record of stored states. */
export async function startFaultUpstream(options: FaultUpstreamOptions = {}): Promise<FaultUpstream> {
  const requests: FaultyRequest[] = []
  const writes: string[] = []
  const states = new Map<string, Json>()
  const asked = new Map<string, number>()
  const sockets = new Set<Socket>()
  const calls: string[] = []
  let connections = 0
  let serial = 0
  let oldestGoodToken = 1
  let toFault: (request: FaultyRequest) => Fault | null = () => null
  let doesStore: (userId: string) => boolean = () => true

  function toData(endpoint: string, userId: string, sent: Json): unknown {
    switch (endpoint) {
      case 'get-management-token':
        return { access_token: managementToken(++serial), expires_in: 7200 }
      case 'get-mfa-status':
        return states.get(userId) ?? BEFORE
      case 'get-user-mfa-info':
        return BINDINGS
      case 'get-global-mfa-settings':
        return { enabledFactors: ['SMS', 'OTP', 'EMAIL', 'FACE'] }
      case 'set-mfa-status':
        if (doesStore(userId)) {
          states.set(userId, sent.mfaTriggerData)
          writes.push(userId)
        }
        return { success: true }
      default:
        throw new Error(`Not asked for here: ${endpoint}`)
    }
  }

  function isGoodToken(authorization: string | undefined): boolean {
    const given = Number(/^Bearer .*\.signature-(\d+)$/.exec(authorization ?? '')?.[1])
    return !authorization?.startsWith('Bearer') || given >= oldestGoodToken
  }

  function receive(socket: Socket, head: string, text: string): void {
    const url = new URL(/^\S+ (\S+)/.exec(head)?.[1] ?? '', 'http://localhost')
    const endpoint = url.pathname.replace('/api/v3/', '')
    const sent: Json = text === '' ? {} : JSON.parse(text)
    const userId = sent.userId ?? url.searchParams.get('userId') ?? ''
    const key = `${endpoint} ${userId}`
    const nth = (asked.get(key) ?? 0) + 1
    asked.set(key, nth)
    const authorization = /^authorization: (.*)$/im.exec(head)?.[1]
    const request = { endpoint, userId, nth, atMs: performance.now(), authorization }
    requests.push(request)
    if (endpoint !== 'get-management-token') calls.push(endpoint)

    const refused = endpoint !== 'get-management-token' && !isGoodToken(authorization)
    const envelope = refused
      ? { statusCode: 401, message: '' }
      : { statusCode: 200, message: '', data: toData(endpoint, userId, sent) }
    const body = JSON.stringify(envelope)
    const answer = (parts: AnswerParts = {}) => void socket.write(toAnswer({ body, ...parts }))
    const fault = toFault(request) ?? (pending => pending.answer())
    const pending = { socket, body, answer }
    if (options.latencyMs === undefined) fault(pending)
    else setTimeout(() => fault(pending), options.latencyMs)
  }

  function serve(socket: Socket): void {
    let received = ''
    socket.setNoDelay(true)
    socket.on('error', () => {})
    if (options.idleMs !== undefined) socket.setTimeout(options.idleMs, () => socket.end())
    socket.on('data', chunk => {
      received += chunk.toString('latin1')
      const headEnd = received.indexOf('\r\n\r\n')
      if (headEnd < 0) return
      const head = received.slice(0, headEnd)
      const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0)
      if (received.length < headEnd + 4 + length) return
      const text = received.slice(headEnd + 4, headEnd + 4 + length)
      received = received.slice(headEnd + 4 + length)
      receive(socket, head, Buffer.from(text, 'latin1').toString())
    })
  }

  const server: Server =
    options.tls === undefined
      ? createServer({ allowHalfOpen: true }, serve)
      : createTlsServer({ ...options.tls, allowHalfOpen: true }, serve)
  server.on('tlsClientError', () => {})
  server.on('connection', (socket: Socket) => {
    connections++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const port = await listen(server)
  const url = options.tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`

  return {
    url,
    port,
    env: toEnv(url),
    requests,
    writes,
    factorsOf: userId =>
      (states.get(userId) ?? BEFORE).applicationMfa.map((factor: Json) => factor.mfaPolicy),
    requestsOf: (endpoint, userId) =>
      requests.filter(
        request => request.endpoint === endpoint && (userId === undefined || request.userId === userId),
      ),
    behave(next) {
      toFault = next
    },
    store(next) {
      doesStore = next
    },
    revokeTokens() {
      oldestGoodToken = serial + 1
    },
    connections: () => connections,
    takeCalls: () => calls.splice(0),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** Returns the variables that a layer needs to use such an upstream. */
export function toEnv(url: string): Record<string, string> {
  return {
    GENAUTH_URL: url,
    GENAUTH_ACCESS_KEY_ID: 'fault-access-key-id',
    GENAUTH_ACCESS_KEY_SECRET: CANARY.accessKeySecret,
  }
}

/** Returns a reply as text. A given header replaces the right one. */
export function toAnswer({ status = '200 OK', headers = {}, body = '' }: AnswerParts): string {
  const all = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status}\r\n${lines.join('')}\r\n${body}`
}

/** Listens on a free port of this machine. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
