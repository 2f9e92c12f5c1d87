import { randomBytes } from 'node:crypto'
import type { Credentials } from './credentials.ts'
import { sign, toStringToSign } from './signature.ts'

export interface SignatureCredentialsOptions {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  /** `x-authing-`, or `x-genauth-` for servers that want the newer brand. */
  readonly headerPrefix: string
  /** The word before the key id: `authing` or `GenAuth`. */
  readonly scheme: string
  readonly now: () => number
}

const NONCE_BYTES = 16

/** Signs each attempt with a fresh nonce and date: GenAuth refuses a nonce that it has seen (apiCode 1306). */
export function createSignatureCredentials(options: SignatureCredentialsOptions): Credentials {
  const { accessKeyId, accessKeySecret, headerPrefix, scheme, now } = options
  return {
    prepare: async () => null,
    authorize({ method, path, params, headers: common }) {
      const headers = {
        ...common,
        date: new Date(now()).toUTCString(),
        [`${headerPrefix}signature-nonce`]: randomBytes(NONCE_BYTES).toString('hex'),
        [`${headerPrefix}signature-method`]: 'HMAC-SHA1',
        [`${headerPrefix}signature-version`]: '1.0',
      }
      const signature = sign(toStringToSign({ method, path, params, headers }, headerPrefix), accessKeySecret)
      return { ...headers, authorization: `${scheme} ${accessKeyId}:${signature}` }
    },
    reject() {},
    canRenew: false,
    isReady: () => true,
  }
}
