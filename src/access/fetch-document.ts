import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import { Agent } from 'undici'
import type { CacheHeaders } from './jwks-timing.ts'

/** A text from the issuer, or a code for the log that says why there is none. */
type FetchedDocument =
  | { readonly kind: 'DOCUMENT'; readonly text: string; readonly headers: CacheHeaders }
  | { readonly kind: 'FAILED'; readonly reason: DocumentFault }

export type DocumentFault = 'NO_ANSWER' | 'STATUS' | 'ENCODED'

export interface DocumentFetcher {
  /** Never rejects. */
  fetch(url: string): Promise<FetchedDocument>
  close(): Promise<void>
}

const MAX_DOCUMENT_BYTES = 256 * 1024
const MAX_HEADER_BYTES = 16 * 1024
/** Drops a byte order mark. */
const UTF_8 = new TextDecoder()

const options = { maxOutputLength: MAX_DOCUMENT_BYTES }
const DECODERS: ReadonlyMap<string, (body: Buffer) => Promise<Buffer>> = new Map([
  ['identity', async (body: Buffer) => body],
  ['gzip', (body: Buffer) => promisify(gunzip)(body, options)],
  ['x-gzip', (body: Buffer) => promisify(gunzip)(body, options)],
  ['deflate', (body: Buffer) => promisify(inflate)(body, options)],
  ['br', (body: Buffer) => promisify(brotliDecompress)(body, options)],
])

/**
 * Creates a fetcher of documents that an issuer publishes, over HTTP, each within `timeoutMs`. It follows no redirect
 * and asks for no encoding. If a body is compressed all the same, it is decompressed. Both sizes are limited to 256
 * KiB.
 */
export function createDocumentFetcher(timeoutMs: number): DocumentFetcher {
  const agent = new Agent({
    connections: 1,
    // Fetches are minutes apart, so no connection is kept.
    pipelining: 0,
    maxHeaderSize: MAX_HEADER_BYTES,
    maxResponseSize: MAX_DOCUMENT_BYTES,
    connect: { timeout: timeoutMs },
  })

  return {
    async fetch(url) {
      try {
        const { origin, pathname, search } = new URL(url)
        const { statusCode, headers, body } = await agent.request({
          origin,
          method: 'GET',
          path: `${pathname}${search}`,
          headers: { accept: 'application/jwk-set+json, application/json', 'accept-encoding': 'identity' },
          signal: AbortSignal.timeout(timeoutMs),
        })
        const bytes = Buffer.from(await body.arrayBuffer())
        if (statusCode !== 200) return { kind: 'FAILED', reason: 'STATUS' }
        const text = await decode(bytes, headers['content-encoding'])
        return text === null ? { kind: 'FAILED', reason: 'ENCODED' } : { kind: 'DOCUMENT', text, headers }
      } catch {
        return { kind: 'FAILED', reason: 'NO_ANSWER' }
      }
    },
    close: () => agent.destroy(),
  }
}

/** Returns `null` if the encoding is unknown, if the body does not have it, or if the body is too large. */
async function decode(body: Buffer, encoding: string | string[] = 'identity'): Promise<string | null> {
  const decoder = typeof encoding === 'string' ? DECODERS.get(encoding.trim().toLowerCase()) : undefined
  if (decoder === undefined) return null
  try {
    return UTF_8.decode(await decoder(body))
  } catch {
    return null
  }
}
