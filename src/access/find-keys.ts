import { createPublicKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { SIGNATURE_ALGORITHMS } from './algorithms.ts'

/** The part of a token's header that names its key. A value that is not text names none. */
export interface KeyHint {
  readonly alg?: unknown
  readonly kid?: unknown
}

/** Returns the keys that may have signed a token, or an empty list if none fits. */
export type FindKeys = (hint: KeyHint) => readonly KeyObject[]

/** A key that can verify signatures. */
interface UsableKey {
  /** `null` if the key has no name. */
  readonly kid: string | null
  /** At least one of `SIGNATURE_ALGORITHMS`. */
  readonly algorithms: ReadonlySet<string>
  readonly publicKey: KeyObject
}

/** Issuers publish a handful. Reading each key takes time in which nobody else is served. */
export const MAX_KEYS = 100
const MIN_RSA_BITS = 2048
/** A far longer key would make each check of a signature dear. */
const MAX_RSA_BITS = 8192
/** Every usual key has 65537. */
const MAX_RSA_EXPONENT = 2n ** 32n

/**
 * A member that is `null` counts as absent (RFC 7517 makes all of these optional). A key that shows its private part
 * belongs to everybody, and a symmetric one has no place here.
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

/**
 * Finds keys of a key set by algorithm and name. A name is optional in both places (RFC 7517, section 4.5; RFC 7515,
 * section 4.1.4). A token without a name may be signed by any key that fits. A key without a name may have signed any
 * token whose name no key has. The signature then tells which key it was.
 *
 * @param published the members of a key set. Only the first hundred are read
 * @returns `null` if none of them can verify a signature
 */
export function createFindKeys(published: readonly unknown[]): FindKeys | null {
  const keys = toUsableKeys(published.slice(0, MAX_KEYS))
  if (keys.length === 0) return null
  return ({ alg, kid }) => {
    if (kid !== undefined && typeof kid !== 'string') return []
    const fitting = keys.filter(({ algorithms }) => typeof alg === 'string' && algorithms.has(alg))
    const named = kid === undefined ? fitting : fitting.filter(key => key.kid === kid)
    const candidates = named.length > 0 ? named : fitting.filter(key => key.kid === null)
    return candidates.map(({ publicKey }) => publicKey)
  }
}

/** Returns each key once, however often it is published under one name. */
function toUsableKeys(published: readonly unknown[]): readonly UsableKey[] {
  const keys = new Map<string, UsableKey>()
  for (const jwk of published) {
    const key = toUsableKey(jwk)
    if (key === null) continue
    const { kid, algorithms, publicKey } = key
    keys.set(JSON.stringify([kid, [...algorithms], publicKey.export({ format: 'jwk' })]), key)
  }
  return [...keys.values()]
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
