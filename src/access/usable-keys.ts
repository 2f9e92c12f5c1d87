import { createPublicKey, type KeyObject } from 'node:crypto'
import type { JWK } from 'jose'
import { z } from 'zod'

/** Of a key set, those that can verify a signature. */
export interface UsableKeys {
  readonly keys: readonly JWK[]
  /** How many were not even looked at. */
  readonly ignored: number
}

/** Issuers publish a handful. Each that is looked at costs some time in which nobody else is served. */
const MAX_KEYS = 100
const MIN_RSA_BITS = 2048
/** Far longer ones make each check of a signature dear. */
const MAX_RSA_BITS = 8192
/** 65537 is what everybody uses. */
const MAX_RSA_EXPONENT = 2n ** 32n

/** A key that shows its private part is everybody's key, and a symmetric one has no business here. */
const publicJwkSchema = z
  .looseObject({ kty: z.enum(['RSA', 'EC', 'OKP']), use: z.string().default('sig') })
  .refine(key => key.use === 'sig' && !('d' in key))

/** The keys among the first hundred that can verify a signature. */
export function toUsableKeys(published: readonly unknown[]): UsableKeys {
  return {
    keys: published.slice(0, MAX_KEYS).filter(isUsableKey),
    ignored: Math.max(0, published.length - MAX_KEYS),
  }
}

function isUsableKey(key: unknown): key is JWK {
  const parsed = publicJwkSchema.safeParse(key)
  if (!parsed.success) return false
  try {
    return isOfUsualSize(createPublicKey({ format: 'jwk', key: parsed.data }))
  } catch {
    return false
  }
}

function isOfUsualSize({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  if (asymmetricKeyType !== 'rsa') return true
  const { modulusLength = 0, publicExponent = 0n } = asymmetricKeyDetails ?? {}
  return modulusLength >= MIN_RSA_BITS && modulusLength <= MAX_RSA_BITS && publicExponent <= MAX_RSA_EXPONENT
}
