import { timingSafeEqual } from 'node:crypto'
import { sign, toStringToSign } from '../genauth/credentials/signature.ts'
import type { AccessKeys } from './access-keys.ts'
import { Failure } from './failure.ts'
import type { MessageKey } from './messages.ts'
import { createNonceMemory } from './nonce-memory.ts'
import type { ReceivedRequest } from './received-request.ts'

/** Reading: the tolerance is documented (apiCode 1305), but its size is not. */
const CLOCK_TOLERANCE_MS = 5 * 60_000
const METHOD = 'HMAC-SHA1'
const VERSION = '1.0'
const AUTHORIZATION = /^(?:authing|genauth) (.+):([^:]*)$/i
const MS_DIGITS = /^\d{1,15}$/
const GMT_TEXT = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

export interface SignatureCredentialsOptions {
  accessKeys: AccessKeys
  headerPrefix: string
  now: () => number
}

export interface SignatureCredentials {
  /** Returns `true` if the request asks for this check, by the scheme word of its authorization. */
  appliesTo(request: ReceivedRequest): boolean
  /** Throws the Failure that fits, with apiCodes 1300 to 1306. */
  check(request: ReceivedRequest): void
}

/**
 * Creates the check of access-key mode, in which every request is signed. The signed string is built again from the
 * parsed request, so the sent values matter, but not their escaping.
 *
 * Readings:
 *
 * - The order of the checks.
 * - A missing nonce is a wrong signature, because all clients of these calls send one.
 * - A nonce counts as used only after its signature was found right.
 * - A userpool-id header is not checked, because this mode's clients send none.
 */
export function createSignatureCredentials(options: SignatureCredentialsOptions): SignatureCredentials {
  const { accessKeys, headerPrefix, now } = options
  // The memory is twice the tolerance: a request dated 5 minutes ahead of this clock stays acceptable for 10.
  const nonces = createNonceMemory(2 * CLOCK_TOLERANCE_MS, now)

  function checkDate(request: ReceivedRequest): void {
    const { date, [`${headerPrefix}date`]: prefixedDate } = request.headers
    // Node's SDK sends `date` as GMT text. Older Java SDKs send milliseconds, and C# sends `<prefix>date`
    // instead.
    const text = date ?? prefixedDate
    if (text === undefined) {
      throw toFailure(1304, 'missingDate')
    }
    const atMs = toMs(String(text))
    if (Number.isNaN(atMs)) {
      throw toFailure(1303, 'invalidDate')
    }
    if (Math.abs(now() - atMs) > CLOCK_TOLERANCE_MS) {
      throw toFailure(1305, 'clockSkew')
    }
  }

  function checkSignature(request: ReceivedRequest): void {
    const [, accessKeyId = '', signature = ''] = AUTHORIZATION.exec(request.headers.authorization ?? '') ?? []
    const method = request.method === 'GET' ? 'GET' : 'POST'
    const secret = accessKeys.secretOf(accessKeyId)
    const text = toStringToSign({ ...request, method }, headerPrefix)
    if (secret === undefined || !isSameText(signature, sign(text, secret))) {
      throw toFailure(1300, 'wrongSignature')
    }
  }

  return {
    appliesTo: request => AUTHORIZATION.test(request.headers.authorization ?? ''),
    check(request) {
      if (request.headers[`${headerPrefix}signature-method`] !== METHOD) {
        throw toFailure(1301, 'signatureMethod')
      }
      if (request.headers[`${headerPrefix}signature-version`] !== VERSION) {
        throw toFailure(1302, 'signatureVersion')
      }
      checkDate(request)
      checkSignature(request)
      const nonce = request.headers[`${headerPrefix}signature-nonce`]
      if (typeof nonce !== 'string' || nonce === '') {
        throw toFailure(1300, 'wrongSignature')
      }
      if (!nonces.use(nonce)) {
        throw toFailure(1306, 'replayedNonce')
      }
    },
  }
}

function toMs(text: string): number {
  if (MS_DIGITS.test(text)) {
    return Number(text)
  }
  return GMT_TEXT.test(text) ? Date.parse(text) : Number.NaN
}

function isSameText(left: string, right: string): boolean {
  const leftBytes = Buffer.from(left)
  const rightBytes = Buffer.from(right)
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes)
}

/** Reading: the statusCode of the 13xx codes is not published. 401 says that the caller was not recognised. */
function toFailure(apiCode: number, message: MessageKey): Failure {
  return new Failure({ statusCode: 401, apiCode, message })
}
