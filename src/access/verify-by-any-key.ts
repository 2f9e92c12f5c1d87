import type { KeyObject } from 'node:crypto'
import { errors, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose'
import type { KeyHint } from './find-keys.ts'

/** Each candidate costs the check of a signature. */
const MAX_CANDIDATES = 16

/**
 * Verifies a token with one of the keys and returns its claims. Several keys may have the token's name, or none a name
 * at all. They are tried one after the other, but none of them if there are more than 16. Each time jose judges
 * everything but the signature in the same way.
 *
 * @throws jose's errors, and the rejections of `findKeys`
 */
export async function verifyByAnyKey(
  token: string,
  findKeys: (hint: KeyHint) => Promise<readonly KeyObject[]>,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  let candidates: readonly KeyObject[] = []
  let tried = 0
  const getKey: JWTVerifyGetKey = async header => {
    if (tried === 0) candidates = await findKeys(header)
    if (candidates.length > MAX_CANDIDATES) throw new errors.JWKSMultipleMatchingKeys()
    const candidate = candidates[tried]
    if (candidate === undefined) throw new errors.JWKSNoMatchingKey()
    return candidate
  }
  for (;;) {
    try {
      return (await jwtVerify(token, getKey, options)).payload
    } catch (error) {
      tried++
      if (tried >= candidates.length || !(error instanceof errors.JWSSignatureVerificationFailed)) throw error
    }
  }
}
