import { z } from 'zod'
import { tryParseJson } from '../base/parse-json.ts'
import { createDocumentFetcher } from './fetch-document.ts'
import { createFindKeys, type FindKeys, MAX_KEYS } from './find-keys.ts'
import { toFreshForS } from './jwks-timing.ts'
import { type DiscoveryFault, findKeyAddress, type KeySource } from './key-address.ts'

/** A code for the log that says why there are no keys. */
type JwksFault = DiscoveryFault | 'NOT_A_JWKS' | 'NO_USABLE_KEY'

/**
 * The result of one load. `NONE` means that the issuer publishes a key set without any usable key. `FAILED` means that
 * the issuer says nothing about its keys.
 */
export type LoadedJwks =
  | {
      readonly kind: 'KEYS'
      /** The same function for as long as the issuer publishes the same keys. */
      readonly findKeys: FindKeys
      /** The number of keys beyond the limit, which are not read. */
      readonly ignored: number
      /** The freshness by the response's own headers. `null` if it does not say. */
      readonly freshForS: number | null
    }
  | { readonly kind: 'NONE'; readonly reason: JwksFault }
  | { readonly kind: 'FAILED'; readonly reason: JwksFault }

export interface JwksLoader {
  /** Never rejects. */
  load(): Promise<LoadedJwks>
  close(): Promise<void>
}

const jwksSchema = z.object({ keys: z.array(z.unknown()) })

/** The result of parsing one text. */
interface ParsedJwks {
  readonly text: string
  readonly found: { readonly findKeys: FindKeys; readonly ignored: number } | JwksFault
}

/**
 * Creates a loader of a key set (RFC 7517). The URL is configured, or the issuer's document names it at that time. If
 * that document cannot be had, the last known URL is used. Keys that cannot verify a signature are left out. A text
 * that is the same as before is not parsed again, so nothing is imported twice.
 *
 * @param timeoutMs for each of the documents
 */
export function createJwksLoader(source: KeySource, timeoutMs: number): JwksLoader {
  const fetcher = createDocumentFetcher(timeoutMs)
  let knownUrl: string | null = null
  let latest: ParsedJwks | null = null

  return {
    async load() {
      const address = await findKeyAddress(source, fetcher)
      if (address.kind === 'URL') knownUrl = address.url
      else if (knownUrl === null) return address
      const fetched = await fetcher.fetch(knownUrl)
      if (fetched.kind === 'FAILED') return fetched
      const { text, headers } = fetched
      if (latest?.text !== text) latest = { text, found: parseJwks(text) }
      const { found } = latest
      if (typeof found === 'object') return { kind: 'KEYS', ...found, freshForS: toFreshForS(headers) }
      return { kind: found === 'NO_USABLE_KEY' ? 'NONE' : 'FAILED', reason: found }
    },
    close: () => fetcher.close(),
  }
}

function parseJwks(text: string): ParsedJwks['found'] {
  const parsed = jwksSchema.safeParse(tryParseJson(text))
  if (!parsed.success) return 'NOT_A_JWKS'
  const { keys } = parsed.data
  const findKeys = createFindKeys(keys)
  return findKeys === null ? 'NO_USABLE_KEY' : { findKeys, ignored: Math.max(0, keys.length - MAX_KEYS) }
}
