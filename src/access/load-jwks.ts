import { createLocalJWKSet } from 'jose'
import { Pool } from 'undici'
import { z } from 'zod'
import { toFreshForS } from './cache-age.ts'
import { toUsableKeys } from './usable-keys.ts'

/** Finds the key that a token's header asks for; throws jose's errors. */
export type FindKey = ReturnType<typeof createLocalJWKSet>

/** A code for the log: why there are no keys. */
export type JwksFault = 'NO_ANSWER' | 'STATUS' | 'ENCODED' | 'NOT_A_JWKS' | 'NO_USABLE_KEY'

/**
 * What the issuer says. `NONE`: it publishes a key set without any key that can be used. `FAILED`: it says nothing
 * about its keys.
 */
export type LoadedJwks =
  | {
      readonly kind: 'KEYS'
      /** The same one for as long as the issuer answers the same. */
      readonly findKey: FindKey
      /** Keys beyond those that are looked at. */
      readonly ignored: number
      /** By the answer's own headers; null: it does not say. */
      readonly freshForS: number | null
    }
  | { readonly kind: 'NONE'; readonly reason: JwksFault }
  | { readonly kind: 'FAILED'; readonly reason: JwksFault }

export interface JwksLoader {
  /** Never rejects. */
  load(): Promise<LoadedJwks>
  close(): Promise<void>
}

const MAX_ANSWER_BYTES = 256 * 1024
const MAX_HEADER_BYTES = 16 * 1024

const jwksSchema = z.object({ keys: z.array(z.unknown()) })

/** What came of one text. */
interface ParsedJwks {
  readonly text: string
  readonly found: { readonly findKey: FindKey; readonly ignored: number } | JwksFault
}

/**
 * Fetches a key set (RFC 7517) over HTTP. A plain pool request follows no redirect, and no content encoding is
 * accepted, so that the limit of size counts what is really read. Keys that cannot verify a signature are left
 * out. A text that was read before is not read again: nothing is imported twice.
 */
export function createJwksLoader(url: string, timeoutMs: number): JwksLoader {
  const { origin, pathname, search } = new URL(url)
  const pool = new Pool(origin, {
    connections: 1,
    // Loads are minutes apart: no connection is kept.
    pipelining: 0,
    maxHeaderSize: MAX_HEADER_BYTES,
    maxResponseSize: MAX_ANSWER_BYTES,
    connect: { timeout: timeoutMs },
  })
  let latest: ParsedJwks | null = null

  return {
    async load() {
      try {
        const response = await pool.request({
          method: 'GET',
          path: `${pathname}${search}`,
          headers: { accept: 'application/jwk-set+json, application/json', 'accept-encoding': 'identity' },
          signal: AbortSignal.timeout(timeoutMs),
        })
        const text = await response.body.text()
        if (response.statusCode !== 200) return { kind: 'FAILED', reason: 'STATUS' }
        const encoding = response.headers['content-encoding'] ?? 'identity'
        if (encoding !== 'identity') return { kind: 'FAILED', reason: 'ENCODED' }
        if (latest?.text !== text) latest = { text, found: parseJwks(text) }
        const { found } = latest
        if (typeof found === 'object')
          return { kind: 'KEYS', ...found, freshForS: toFreshForS(response.headers) }
        return { kind: found === 'NO_USABLE_KEY' ? 'NONE' : 'FAILED', reason: found }
      } catch {
        return { kind: 'FAILED', reason: 'NO_ANSWER' }
      }
    },
    close: () => pool.destroy(),
  }
}

function parseJwks(text: string): ParsedJwks['found'] {
  const parsed = jwksSchema.safeParse(parseJson(text))
  if (!parsed.success) return 'NOT_A_JWKS'
  const { keys, ignored } = toUsableKeys(parsed.data.keys)
  return keys.length === 0 ? 'NO_USABLE_KEY' : { findKey: createLocalJWKSet({ keys: [...keys] }), ignored }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
