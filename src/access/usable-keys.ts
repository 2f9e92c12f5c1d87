import { createPublicKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { SIGNATURE_ALGORITHMS } from './algorithms.ts'

/** A key that can verify signatures. */
export interface UsableKey {
  /** Null: it has no name. */
  readonly kid: string | null
  /** Of `SIGNATURE_ALGORITHMS`; at least one. */
  readonly algorithms: ReadonlySet<string>
  readonly publicKey: KeyObject
}

/** Of a key set, those that can verify a signature. */
export interface UsableKeys {
  /** Each once, however often it is published under one name. */
  readonly keys: readonly UsableKey[]
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

/**
 * A member that is null says nothing (RFC 7517 makes all of these optional). A key that shows its private part is
 * everybody's key, and a symmetric one has no business here.
 */
const publicJwkSchema = z
  .record(z.string(), z.unknown())
  .refine(key => key['d'] == null)
  .transform(key => Object.fromEntries(Object.entries(key).filter(([, value]) => value !== null)))
  .pipe(
    z.object({
      kty: z.enum(['RSA', 'EC', 'OKP']),
      crv: z.string().exactOptional(),
      n: z.string().exactOptional(),
      e: z.string().exactOptional(),
      x: z.string().exactOptional(),
      y: z.string().exactOptional(),
      use: z.literal('sig').exactOptional(),
      key_ops: z
        .array(z.string())
        .refine(operations => operations.includes('verify'))
        .exactOptional(),
      alg: z.string().exactOptional(),
      kid: z.string().exactOptional(),
    }),
  )

type PublicJwk = z.infer<typeof publicJwkSchema>

/** The keys among the first hundred that can verify a signature. */
export function toUsableKeys(published: readonly unknown[]): UsableKeys {
  const keys = new Map<string, UsableKey>()
  for (const jwk of published.slice(0, MAX_KEYS)) {
    const key = toUsableKey(jwk)
    if (key === null) continue
    const { kid, algorithms, publicKey } = key
    keys.set(JSON.stringify([kid, [...algorithms], publicKey.export({ format: 'jwk' })]), key)
  }
  return { keys: [...keys.values()], ignored: Math.max(0, published.length - MAX_KEYS) }
}

function toUsableKey(jwk: unknown): UsableKey | null {
  const parsed = publicJwkSchema.safeParse(jwk)
  if (!parsed.success) return null
  const algorithms = toAlgorithms(parsed.data)
  if (algorithms.size === 0) return null
  try {
    const publicKey = createPublicKey({ format: 'jwk', key: parsed.data })
    return isOfUsualSize(publicKey) ? { kid: parsed.data.kid ?? null, algorithms, publicKey } : null
  } catch {
    return null
  }
}

function toAlgorithms({ kty, crv, alg }: PublicJwk): ReadonlySet<string> {
  const fitting = [...SIGNATURE_ALGORITHMS].filter(
    ([, algorithm]) =>
      algorithm.kty === kty &&
      (algorithm.crv === null || algorithm.crv === crv) &&
      (alg === undefined || algorithm.keyAlgs.includes(alg)),
  )
  return new Set(fitting.map(([name]) => name))
}

function isOfUsualSize({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  if (asymmetricKeyType !== 'rsa') return true
  const { modulusLength = 0, publicExponent = 0n } = asymmetricKeyDetails ?? {}
  return modulusLength >= MIN_RSA_BITS && modulusLength <= MAX_RSA_BITS && publicExponent <= MAX_RSA_EXPONENT
}
