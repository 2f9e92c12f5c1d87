import { z } from 'zod'
import { isLoopback } from '../base/is-loopback.ts'
import { tryParseJson } from '../base/parse-json.ts'
import type { DocumentFault, DocumentFetcher } from './fetch-document.ts'

/** Where the issuer publishes its keys: a URL, or an issuer whose own document says it. */
export type KeySource =
  | { readonly kind: 'URL'; readonly url: string }
  | { readonly kind: 'DISCOVERY'; readonly issuer: string }

/** A URL, or a code for the log: why there is none. */
export type KeyAddress =
  | { readonly kind: 'URL'; readonly url: string }
  | { readonly kind: 'FAILED'; readonly reason: DiscoveryFault }

/**
 * `NOT_METADATA`: the answer is no such document. `OTHER_ISSUER`: it is that of another issuer. `OPEN_WIRE`: it sends
 * for the keys over plain http.
 */
export type DiscoveryFault = DocumentFault | 'NOT_METADATA' | 'OTHER_ISSUER' | 'OPEN_WIRE'

const metadataSchema = z.object({
  issuer: z.string(),
  jwks_uri: z.url({ protocol: /^https?$/ }),
})

/** The paths below which issuers publish their document: OpenID Connect Discovery 1.0, section 4; RFC 8414, section 3. */
function toMetadataUrls(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/+$/, '')
  return [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ]
}

/**
 * Asks the issuer where its keys are. The first document that names the issuer, character by character, counts: one
 * of another issuer would let that one sign tokens in this one's name (RFC 8414, section 3.3). Never rejects.
 */
export async function findKeyAddress(source: KeySource, fetcher: DocumentFetcher): Promise<KeyAddress> {
  if (source.kind === 'URL') return source
  let failed: KeyAddress | null = null
  for (const url of toMetadataUrls(source.issuer)) {
    const fetched = await fetcher.fetch(url)
    const found: KeyAddress =
      fetched.kind === 'DOCUMENT' ? readMetadata(fetched.text, source.issuer) : fetched
    if (found.kind === 'URL') return found
    // A document that is there and is not right says more than one that is not there.
    if (failed === null || fetched.kind === 'DOCUMENT') failed = found
    // Both are on one host.
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

/** What comes over https does not send for keys over plain http, and this machine's issuer to no other machine. */
function isAsGuarded(keys: URL, issuer: URL): boolean {
  if (keys.protocol === 'https:') return true
  return issuer.protocol === 'http:' && (isLoopback(keys.hostname) || !isLoopback(issuer.hostname))
}
