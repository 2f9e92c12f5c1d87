import type { KeyObject } from 'node:crypto'
import { errors, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose'
import type { KeyHint } from './find-keys.ts'

/** Each costs the check of a signature. */
const MAX_CANDIDATES = 16

/**
 * The claims of a token that one of the keys has signed. Several keys may have the token's name, or none a name at
 * all: they are tried one after the other, and none of them where there are more than 16. jose judges everything but
 * the signature in the same way each time.
 *
 * @throws jose's errors, and what `findKeys` rejects with
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
