import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { CompactSign, type JWK } from 'jose'

export type IssuerFault =
  | 'DOWN'
  | 'SLOW'
  | 'HTML'
  | 'REDIRECT'
  | 'EMPTY'
  | 'ERROR'
  | 'NO_KEYS'
  | 'GZIP'
  | 'BOMB'
  | 'HUGE'

export interface SigningKey {
  readonly alg: string
  readonly kid: string
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

export interface TokenOptions {
  /** Added to `alg`, `kid` and `typ`. `undefined` leaves one out. */
  readonly header?: Readonly<Record<string, unknown>>
  /** Signs in place of the issuer's key, under the issuer's `kid`. */
  readonly key?: SigningKey
  /** Leaves out the signature, or signs with the public key's text as an HMAC secret. */
  readonly forge?: 'NONE' | 'HS256'
  /** A text in place of the claims. */
  readonly payload?: string
}

export interface TestIssuer extends AsyncDisposable {
  readonly env: {
    readonly AUTH_JWKS_URL: string
    readonly AUTH_ISSUER: string
    readonly AUTH_AUDIENCE: string
  }
  /** The published keys, with some that a verifier must ignore. */
  readonly publishedKeys: JWK[]
  readonly key: SigningKey
  /** The number of requests for the key set. */
  requestCount(): number
  /** Signs with a new key from now on. The old one stays published unless `keepOld` is `false`. */
  rotate(options?: { readonly keepOld?: boolean; readonly keepKid?: boolean }): void
  /** Sets headers of the key set from now on. */
  setHeaders(headers: Readonly<Record<string, string>>): void
  /** Publishes a document at a path from now on. `undefined` publishes nothing there. */
  publish(path: string, document: unknown): void
  /** Sets the fault of the key set's address from now on. `null` ends it. */
  setFault(fault: IssuerFault | null): void
  /** Returns a good token, apart from the changes. A claim that is `undefined` is left out. */
  token(claims?: Readonly<Record<string, unknown>>, options?: TokenOptions): Promise<string>
}

export interface StartIssuerOptions {
  readonly alg?: string
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

const AUDIENCE = 'genauth-graphql-test'
/** The path has a query, as with some issuers. */
const JWKS_PATH = '/jwks?tenant=1'
const SLOW_MS = 250
const COMPRESS: Readonly<Record<string, (text: string) => Buffer>> = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
}
const CURVES: Readonly<Record<string, string>> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }

let serial = 0

export function createSigningKey(alg = 'ES256', kid = `key-${++serial}`): SigningKey {
  return { alg, kid, ...generateKeys(alg) }
}

export function toJwk({ publicKey, kid, alg }: SigningKey): JWK {
  return { ...(publicKey.export({ format: 'jwk' }) as JWK), kid, alg, use: 'sig' }
}

/** Starts an issuer of tokens on a port of its own, with a real key set over HTTP. */
export async function startIssuer({
  alg = 'ES256',
  now = Date.now,
}: StartIssuerOptions = {}): Promise<TestIssuer> {
  let key = createSigningKey(alg)
  let fault: IssuerFault | null = null
  let requests = 0
  let moreHeaders: Readonly<Record<string, string>> = {}
  const publishedKeys = [toJwk(key)]

  const documents = new Map<string, unknown>()

  const server = createServer((request, response) => {
    const document = documents.get(request.url ?? '')
    if (document !== undefined) {
      response.end(JSON.stringify(document))
      return
    }
    requests += 1
    if (request.url === JWKS_PATH && request.headers['accept-encoding'] === 'identity') void answer(response)
    else response.writeHead(404).end()
  })

  async function answer(response: ServerResponse): Promise<void> {
    const jwks = JSON.stringify({ keys: publishedKeys })
    switch (fault) {
      case 'DOWN':
        response.destroy()
        return
      case 'HTML':
        response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><p>Sign in')
        return
      case 'REDIRECT':
        response.writeHead(302, { location: JWKS_PATH }).end(jwks)
        return
      case 'EMPTY':
        response.writeHead(200).end()
        return
      case 'ERROR':
        response.writeHead(503).end(jwks)
        return
      case 'NO_KEYS':
        response.writeHead(200).end('{"keys":[]}')
        return
      case 'GZIP':
        // The body is not encoded as its header says.
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(jwks)
        return
      case 'BOMB':
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(jwks + ' '.repeat(1024 * 1024)))
        return
      case 'HUGE':
        response.writeHead(200).end(jwks + ' '.repeat(1024 * 1024))
        return
      case 'SLOW':
        await setTimeout(SLOW_MS)
    }
    const compress = COMPRESS[moreHeaders['content-encoding'] ?? '']
    response
      .writeHead(200, { 'content-type': 'application/jwk-set+json', ...moreHeaders })
      .end(compress?.(jwks) ?? jwks)
  }

  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    env: { AUTH_JWKS_URL: `${url}${JWKS_PATH}`, AUTH_ISSUER: url, AUTH_AUDIENCE: AUDIENCE },
    publishedKeys,
    get key() {
      return key
    },
    requestCount: () => requests,
    publish: (path, document) => void documents.set(path, document),
    setHeaders(next) {
      moreHeaders = next
    },
    rotate({ keepOld = true, keepKid = false } = {}) {
      key = createSigningKey(alg, keepKid ? key.kid : undefined)
      if (!keepOld) publishedKeys.length = 0
      publishedKeys.push(toJwk(key))
    },
    setFault(next) {
      fault = next
    },
    token(claims = {}, options = {}) {
      const nowS = Math.floor(now() / 1_000)
      const payload = {
        iss: url,
        aud: AUDIENCE,
        sub: 'somebody',
        iat: nowS,
        exp: nowS + 300,
        scope: 'mfa:read mfa:write',
        client_id: 'console',
        ...claims,
      }
      return sign(options.payload ?? JSON.stringify(payload), key, options)
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

async function sign(payload: string, key: SigningKey, options: TokenOptions): Promise<string> {
  const header = { alg: key.alg, kid: key.kid, typ: 'at+jwt', ...options.header }
  if (options.forge !== undefined) {
    const alg = options.forge === 'NONE' ? 'none' : 'HS256'
    const input = `${encode(JSON.stringify({ ...header, alg }))}.${encode(payload)}`
    const secret = key.publicKey.export({ format: 'pem', type: 'spki' })
    return `${input}.${options.forge === 'NONE' ? '' : createHmac('sha256', secret).update(input).digest('base64url')}`
  }
  const critical = Array.isArray(options.header?.['crit']) ? options.header['crit'] : []
  return new CompactSign(new TextEncoder().encode(payload))
    .setProtectedHeader(header)
    .sign((options.key ?? key).privateKey, { crit: Object.fromEntries(critical.map(name => [name, true])) })
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url')
}

function generateKeys(alg: string): { publicKey: KeyObject; privateKey: KeyObject } {
  const namedCurve = CURVES[alg]
  if (namedCurve !== undefined) return generateKeyPairSync('ec', { namedCurve })
  return alg === 'EdDSA' || alg === 'Ed25519'
    ? generateKeyPairSync('ed25519')
    : generateKeyPairSync('rsa', { modulusLength: 2048 })
}
