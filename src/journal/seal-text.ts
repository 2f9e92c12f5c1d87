import { createCipheriv, createDecipheriv, type KeyObject, randomFillSync } from 'node:crypto'

const CIPHER = 'aes-256-gcm'
const IV_BYTES = 12
const TAG_BYTES = 16

/** Encrypts a text for the holder of the key, bound to one intent. The result is IV, ciphertext and tag. */
export function sealText(key: KeyObject, text: string, intentId: string): Buffer {
  const iv = toIv()
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(intentId))
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
}

/** Random bytes are fetched for many seals, because fetching them for one costs as much as the rest of the seal. */
const ivs = Buffer.alloc(64 * IV_BYTES)
let used = ivs.length

function toIv(): Buffer {
  if (used === ivs.length) {
    randomFillSync(ivs)
    used = 0
  }
  used += IV_BYTES
  return ivs.subarray(used - IV_BYTES, used)
}

/** @throws if the key, the intent or a single bit of the text differs */
export function openText(key: KeyObject, sealed: Uint8Array, intentId: string): string {
  const bytes = Buffer.from(sealed)
  const iv = bytes.subarray(0, IV_BYTES)
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(intentId))
    .setAuthTag(bytes.subarray(-TAG_BYTES))
  return `${decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)).toString('utf8')}${decipher.final('utf8')}`
}
