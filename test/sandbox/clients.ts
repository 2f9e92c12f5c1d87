import { randomBytes } from 'node:crypto'
import { sign, toStringToSign } from '../../src/genauth/credentials/signature.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'

export const ADA = '65a000000000000000000001'
export const GRACE = '65a000000000000000000002'
export const ALAN = '65a000000000000000000003'
export const KATHERINE = '65a000000000000000000004'
export const BARBARA = '65a000000000000000000005'
export const CHARLES = '65a000000000000000000006'
export const LILEI = '65a000000000000000000007'
export const APPLICATION = '62a500000000000000d15d57'

export interface Answer {
  httpStatus: number
  headers: Headers
  body: { statusCode: number; apiCode?: number; message: string; requestId?: string; data?: unknown }
}

export type Params = Record<string, unknown>
/** Undefined leaves a header out. */
export type HeaderChanges = Record<string, string | undefined>
export type Caller = (endpoint: string, params?: Params, headers?: HeaderChanges) => Promise<Answer>

export interface SignedCallerOptions {
  accessKeyId?: string
  accessKeySecret?: string
  scheme?: string
  headerPrefix?: string
  nowMs?: () => number
}

/** Calls as the REST documents describe: get a management token, send it with the pool's id. */
export async function createTokenCaller(sandbox: Sandbox): Promise<Caller> {
  const token = await getToken(sandbox)
  return (endpoint, params = {}, headers = {}) =>
    send(sandbox, endpoint, params, {
      authorization: `Bearer ${token}`,
      'x-authing-userpool-id': sandbox.userPoolId,
      ...headers,
    })
}

export async function getToken(sandbox: Sandbox): Promise<string> {
  const { accessKeyId, accessKeySecret } = sandbox
  const answer = await send(sandbox, 'get-management-token', { accessKeyId, accessKeySecret }, {})
  return (answer.body.data as { access_token: string }).access_token
}

/** Calls signed with the access key, each with a nonce of its own. */
export function createSignedCaller(sandbox: Sandbox, options: SignedCallerOptions = {}): Caller {
  return (endpoint, params = {}, changes = {}) =>
    send(sandbox, endpoint, params, toSignedHeaders(sandbox, endpoint, params, changes, options))
}

/** The headers of one signed request. What `changes` says takes part in the signature, except `authorization`. */
export function toSignedHeaders(
  sandbox: Sandbox,
  endpoint: string,
  params: Params,
  changes: HeaderChanges = {},
  options: SignedCallerOptions = {},
): HeaderChanges {
  const { scheme = 'authing', headerPrefix = 'x-authing-', nowMs = Date.now } = options
  const headers = withoutUndefined({
    date: new Date(nowMs()).toUTCString(),
    [`${headerPrefix}signature-method`]: 'HMAC-SHA1',
    [`${headerPrefix}signature-version`]: '1.0',
    [`${headerPrefix}signature-nonce`]: randomBytes(16).toString('hex'),
    ...changes,
  })
  const path = `/api/v3/${endpoint}`
  const stringToSign = toStringToSign({ method: toMethod(endpoint), path, params, headers }, headerPrefix)
  const signature = sign(stringToSign, options.accessKeySecret ?? sandbox.accessKeySecret)
  const accessKeyId = options.accessKeyId ?? sandbox.accessKeyId
  return { authorization: `${scheme} ${accessKeyId}:${signature}`, ...headers }
}

export async function send(
  sandbox: Sandbox,
  endpoint: string,
  params: Params,
  headers: HeaderChanges,
): Promise<Answer> {
  const method = toMethod(endpoint)
  const url = `${sandbox.url}/api/v3/${endpoint}`
  const response = await fetch(method === 'GET' ? `${url}?${toQuery(params)}` : url, {
    method,
    headers: withoutUndefined({ 'content-type': 'application/json', ...headers }),
    ...(method === 'POST' ? { body: JSON.stringify(params) } : {}),
  })
  return toAnswer(response)
}

export async function toAnswer(response: Response): Promise<Answer> {
  return {
    httpStatus: response.status,
    headers: response.headers,
    body: (await response.json()) as Answer['body'],
  }
}

function toMethod(endpoint: string): 'GET' | 'POST' {
  const isPost = ['get-management-token', 'get-user-action-logs', 'list-users'].includes(endpoint)
  return /^(?:get-|list-|user-list$)/.test(endpoint) && !isPost ? 'GET' : 'POST'
}

function toQuery(params: Params): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) {
    for (const one of [value].flat()) {
      query.append(Array.isArray(value) ? `${name}[]` : name, String(one))
    }
  }
  return query.toString()
}

function withoutUndefined(headers: HeaderChanges): Record<string, string> {
  const given = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries(given)
}
