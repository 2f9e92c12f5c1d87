import { z } from 'zod'
import { isLoopback } from '../base/is-loopback.ts'
import { tryParseJson } from '../base/parse-json.ts'
import type { DocumentFault, DocumentFetcher } from './fetch-document.ts'

/** The place of the issuer's keys: a URL, or an issuer whose own document names the URL. */
export type KeySource =
  | { readonly kind: 'URL'; readonly url: string }
  | { readonly kind: 'DISCOVERY'; readonly issuer: string }

/** A URL, or a code for the log that says why there is none. */
export type KeyAddress =
  | { readonly kind: 'URL'; readonly url: string }
  | { readonly kind: 'FAILED'; readonly reason: DiscoveryFault }

/**
 * Says why an issuer's document is not used.
 *
 * - `NOT_METADATA`: the response is no such document.
 * - `OTHER_ISSUER`: the document belongs to another issuer.
 * - `OPEN_WIRE`: it names a plain http URL for the keys.
 */
export type DiscoveryFault = DocumentFault | 'NOT_METADATA' | 'OTHER_ISSUER' | 'OPEN_WIRE'

const metadataSchema = z.object({
  issuer: z.string(),
  jwks_uri: z.url({ protocol: /^https?$/ }),
})

/**
 * The paths below which issuers publish their document (OpenID Connect Discovery 1.0, section 4; RFC 8414, section 3).
 */
function toMetadataUrls(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/+$/, '')
  return [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ]
}

/**
 * Asks the issuer for the URL of its keys. The first document that names the issuer, character by character, counts.
 * With the document of another issuer, that one could sign tokens in this one's name (RFC 8414, section 3.3). It never
 * rejects.
 */
export async function findKeyAddress(source: KeySource, fetcher: DocumentFetcher): Promise<KeyAddress> {
  if (source.kind === 'URL') return source
  let failed: KeyAddress | null = null
  for (const url of toMetadataUrls(source.issuer)) {
    const fetched = await fetcher.fetch(url)
    const found: KeyAddress =
      fetched.kind === 'DOCUMENT' ? readMetadata(fetched.text, source.issuer) : fetched
    if (found.kind === 'URL') return found
    // A wrong document says more than a missing one.
    if (failed === null || fetched.kind === 'DOCUMENT') failed = found
    // Both URLs are on one host.
    if (found.reason === 'NO_ANSWER') break
  }
  return failed ?? { kind: 'FAILED', reason: 'NO_ANSWER' }
}

function readMetadata(text: string, issuer: string): KeyAddress {
  const parsed = metadataSchema.safeParse(tryParseJson(text))
  if (!parsed.success) return { kind: 'FAILED', reason: 'NOT_METADATA' }
  const { issuer: named, jwks_uri: url } = parsed.data
  if (named !== issuer) return { kind: 'FAILED', reason: 'OTHER_ISSUER' }
  return isAsGuarded(new URL(url), new URL(issuer))
    ? { kind: 'URL', url }
    : { kind: 'FAILED', reason: 'OPEN_WIRE' }
}

/** An https document must not name plain http keys. An issuer on this machine must not name keys on another one. */
function isAsGuarded(keys: URL, issuer: URL): boolean {
  if (keys.protocol === 'https:') return true
  return issuer.protocol === 'http:' && (isLoopback(keys.hostname) || !isLoopback(issuer.hostname))
}
