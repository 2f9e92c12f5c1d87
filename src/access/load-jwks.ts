import { createPublicKey } from 'node:crypto'
import { createLocalJWKSet, type JWK } from 'jose'
import { Pool } from 'undici'
import { z } from 'zod'

/** Finds the key that a token's header asks for; throws jose's errors. */
export type FindKey = ReturnType<typeof createLocalJWKSet>

/** The keys, or why there are none: a code for the log. */
export type LoadedJwks =
  | { readonly ok: true; readonly findKey: FindKey }
  | {
      readonly ok: false
      readonly reason: 'NO_ANSWER' | 'STATUS' | 'ENCODED' | 'NOT_A_JWKS' | 'NO_USABLE_KEY'
    }

export interface JwksLoader {
  /** Never rejects. */
  load(): Promise<LoadedJwks>
  close(): Promise<void>
}

const MAX_ANSWER_BYTES = 256 * 1024
const MAX_HEADER_BYTES = 16 * 1024
const MIN_RSA_BITS = 2048

const jwksSchema = z.object({ keys: z.array(z.unknown()) })
/** A key that shows its private part is everybody's key, and a symmetric one has no business here. */
const publicJwkSchema = z
  .looseObject({ kty: z.enum(['RSA', 'EC', 'OKP']), use: z.string().default('sig') })
  .refine(key => key.use === 'sig' && !('d' in key))

/**
 * Fetches a key set (RFC 7517) over HTTP. A plain pool request follows no redirect, and no content encoding is
 * accepted, so that the limit of size counts what is really read. Keys that cannot verify a signature are left
 * out; a set without any other is a failed load.
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
        if (response.statusCode !== 200) return { ok: false, reason: 'STATUS' }
        const encoding = response.headers['content-encoding'] ?? 'identity'
        return encoding === 'identity' ? parseJwks(text) : { ok: false, reason: 'ENCODED' }
      } catch {
        return { ok: false, reason: 'NO_ANSWER' }
      }
    },
    close: () => pool.destroy(),
  }
}

function parseJwks(text: string): LoadedJwks {
  const parsed = jwksSchema.safeParse(parseJson(text))
  if (!parsed.success) return { ok: false, reason: 'NOT_A_JWKS' }
  const keys = parsed.data.keys.filter(isUsableKey)
  return keys.length === 0
    ? { ok: false, reason: 'NO_USABLE_KEY' }
    : { ok: true, findKey: createLocalJWKSet({ keys }) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isUsableKey(key: unknown): key is JWK {
  const parsed = publicJwkSchema.safeParse(key)
  if (!parsed.success) return false
  try {
    const { asymmetricKeyDetails } = createPublicKey({ format: 'jwk', key: parsed.data })
    return (asymmetricKeyDetails?.modulusLength ?? MIN_RSA_BITS) >= MIN_RSA_BITS
  } catch {
    return false
  }
}
