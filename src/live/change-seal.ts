import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto'
import { deriveKey } from '../base/derive-key.ts'

/** Seals what replicas tell each other, so that others who use the same Redis can neither read nor forge it. */
export interface ChangeSeal {
  seal(text: string): string
  /** @returns `null` for a text that no replica with one of our secrets has sealed */
  open(sealed: string): string | null
  /** Continues with these secrets: the current one, then former ones. */
  useSecrets(secrets: readonly [string, ...string[]]): void
}

const IV_BYTES = 12
const TAG_BYTES = 16

/** @param secrets those of revisions, which replicas share: the current one, then former ones */
export function createChangeSeal(secrets: readonly [string, ...string[]]): ChangeSeal {
  let [current, ...former] = toKeys(secrets)
  return {
    seal: text => seal(current, text),
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64url')
      if (bytes.length < IV_BYTES + TAG_BYTES) return null
      for (const key of [current, ...former]) {
        const text = open(key, bytes)
        if (text !== null) return text
      }
      return null
    },
    useSecrets(next) {
      ;[current, ...former] = toKeys(next)
    },
  }
}

function seal(key: KeyObject, text: string): string {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')
}

function open(key: KeyObject, bytes: Buffer): string | null {
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  })
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
  try {
    const text = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES))
    return Buffer.concat([text, decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}

function toKeys([current, ...former]: readonly [string, ...string[]]): [KeyObject, ...KeyObject[]] {
  return [toKey(current), ...former.map(toKey)]
}

function toKey(secret: string): KeyObject {
  return deriveKey(secret, 'genauth-graphql changes')
}
