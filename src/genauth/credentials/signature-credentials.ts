import { randomBytes } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'
import type { AccessKey, RereadKey } from './access-key.ts'
import { type Credentials, type Headers, READY } from './credentials.ts'
import { sign, toStringToSign } from './signature.ts'

export interface SignatureCredentialsOptions {
  readonly accessKey: AccessKey
  /** Called when GenAuth refuses the key. `null` means that the key cannot change. */
  readonly rereadKey: RereadKey | null
  /** Headers that every attempt carries. */
  readonly commonHeaders: Headers
  /** `null` if the settings name none. The key then selects it. */
  readonly userPoolId: string | null
  /** `x-authing-`, or `x-genauth-` for servers that want the newer brand. */
  readonly headerPrefix: string
  /** The word before the key id: `authing` or `GenAuth`. */
  readonly scheme: string
  readonly clock: Clock
}

const NONCE_BYTES = 16

/** Signs each attempt with a fresh nonce and date, because GenAuth refuses a nonce that it has seen (apiCode 1306). */
export function createSignatureCredentials(options: SignatureCredentialsOptions): Credentials {
  const { rereadKey, commonHeaders, headerPrefix, scheme, userPoolId, clock } = options
  let key = options.accessKey
  return {
    prepare: async () => READY,
    authorize({ method, path, params }) {
      const headers = {
        ...commonHeaders,
        date: new Date(clock.now()).toUTCString(),
        [`${headerPrefix}signature-nonce`]: randomBytes(NONCE_BYTES).toString('hex'),
        [`${headerPrefix}signature-method`]: 'HMAC-SHA1',
        [`${headerPrefix}signature-version`]: '1.0',
      }
      const { accessKeyId, accessKeySecret } = key
      const signature = sign(toStringToSign({ method, path, params, headers }, headerPrefix), accessKeySecret)
      return { ...headers, authorization: `${scheme} ${accessKeyId}:${signature}` }
    },
    reject() {
      key = rereadKey?.() ?? key
    },
    // This refusal, or one just before it, may have led to another key.
    canRenew: rereadKey !== null,
    async useKey(next) {
      key = next
    },
    isReady: () => true,
    userPoolId,
  }
}
