/** One request of a connection that carries no other. */
export interface SingleRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** Names and values alternately. */
  readonly headers: readonly string[]
  readonly body: string | null
}

const INVALID_IN_PATH = /[^\x21-\xff]/
const NAME = /^[!#$%&'*+.^_`|~\w-]+$/
const INVALID_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/
/** These say where the request ends or goes, which is decided here. */
const OWN_NAMES: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'upgrade',
  'expect',
])

/**
 * Returns the bytes of a request, or `INVALID` if a path, a name or a value cannot be written as such. A header never
 * gets a line of its own choice.
 *
 * @param host the host and port of the origin
 */
export function toRequestBytes(
  host: string,
  { method, path, headers, body }: SingleRequest,
): Buffer | 'INVALID' {
  if (!path.startsWith('/') || INVALID_IN_PATH.test(path)) return 'INVALID'
  let head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n`
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] ?? ''
    const value = headers[at + 1] ?? ''
    if (!NAME.test(name) || OWN_NAMES.has(name.toLowerCase()) || INVALID_IN_VALUE.test(value))
      return 'INVALID'
    head += `${name}: ${value}\r\n`
  }
  if (body === null) return Buffer.from(`${head}\r\n`, 'latin1')
  const bodyBytes = Buffer.byteLength(body)
  head += `content-length: ${bodyBytes}\r\n\r\n`
  const bytes = Buffer.allocUnsafe(head.length + bodyBytes)
  bytes.write(head, 'latin1')
  bytes.write(body, head.length)
  return bytes
}
