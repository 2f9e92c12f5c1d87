import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { Failure } from './failure.ts'

const MAX_BODY_BYTES = 1024 * 1024
const PATH_START = '/api/v3/'
const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i

export interface ReceivedRequest {
  method: string
  /** The path without the query. */
  path: string
  /** The path's last part, such as `set-mfa-status`, or the whole path if it is not one of this API. */
  endpoint: string
  /** The query of a GET, or the JSON body of a POST. */
  params: Readonly<Record<string, unknown>>
  headers: IncomingHttpHeaders
}

/**
 * Refuses a request to a host name other than a loopback one. Otherwise a web page could reach the sandbox through a
 * name of its own that resolves to 127.0.0.1.
 */
export function assertLoopbackHost(request: IncomingMessage): void {
  const hosts = request.headersDistinct['host'] ?? []
  if (hosts.length !== 1 || !LOOPBACK_HOST.test(hosts[0] ?? '')) {
    throw new Failure({ statusCode: 421, httpStatus: 421, message: 'foreignHost' })
  }
}

/** Reads the whole request. A body has at most 1 MB, and must be a JSON object. */
export async function receiveRequest(request: IncomingMessage): Promise<ReceivedRequest> {
  const { method = '', url = '', headers } = request
  const queryStart = url.indexOf('?')
  const path = queryStart === -1 ? url : url.slice(0, queryStart)
  const query = queryStart === -1 ? '' : url.slice(queryStart + 1)
  return {
    method,
    path,
    endpoint: path.startsWith(PATH_START) ? path.slice(PATH_START.length) : path,
    params: method === 'POST' ? parseBody(await readBody(request)) : parseQuery(query),
    headers,
  }
}

/**
 * A name that is given twice, or ends in `[]` as the official SDK writes lists, becomes an array. `Object.fromEntries`
 * makes `__proto__` an ordinary key.
 */
function parseQuery(query: string): Record<string, unknown> {
  const params = new Map<string, string | string[]>()
  for (const [rawName, value] of new URLSearchParams(query)) {
    const isList = rawName.endsWith('[]')
    const name = isList ? rawName.slice(0, -2) : rawName
    const before = params.get(name)
    if (before === undefined) {
      params.set(name, isList ? [value] : value)
    } else {
      params.set(name, [before, value].flat())
    }
  }
  return Object.fromEntries(params)
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of request) {
    sizeBytes += chunk.length
    if (sizeBytes > MAX_BODY_BYTES) {
      throw new Failure({ statusCode: 413, httpStatus: 413, message: 'bodyTooLarge' })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function parseBody(body: Buffer): Record<string, unknown> {
  if (body.length === 0) {
    return {}
  }
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
      return parsed as Record<string, unknown>
    }
  } catch {
    // The body is not UTF-8 or not JSON. The code below handles it like JSON that is not an object.
  }
  throw new Failure({ statusCode: 400, httpStatus: 400, message: 'malformedBody' })
}
