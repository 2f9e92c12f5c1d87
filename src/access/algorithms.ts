/** The properties that a key must have to verify an algorithm's signatures. */
export interface SignatureAlgorithm {
  readonly kty: 'RSA' | 'EC' | 'OKP'
  /** `null` if keys of this type have no curve. */
  readonly crv: string | null
  /** The values that such a key's `alg` may have, if it has one. */
  readonly keyAlgs: readonly string[]
}

/**
 * The algorithms by which tokens may be signed, as IANA's registry "JSON Web Signature and Encryption Algorithms" lists
 * them. The sources are RFC 7518 (section 3.1), RFC 8037 (section 3.1) and RFC 9864 (section 2.2). Only asymmetric ones
 * are allowed. With a symmetric one, anybody who knows the public key could sign (RFC 8725, section 2.1).
 *
 * `EdDSA` and `Ed25519` are the old and the new name of one algorithm, so a key under one name serves the other.
 */
export const SIGNATURE_ALGORITHMS: ReadonlyMap<string, SignatureAlgorithm> = new Map<
  string,
  SignatureAlgorithm
>([
  ['RS256', { kty: 'RSA', crv: null, keyAlgs: ['RS256'] }],
  ['RS384', { kty: 'RSA', crv: null, keyAlgs: ['RS384'] }],
  ['RS512', { kty: 'RSA', crv: null, keyAlgs: ['RS512'] }],
  ['PS256', { kty: 'RSA', crv: null, keyAlgs: ['PS256'] }],
  ['PS384', { kty: 'RSA', crv: null, keyAlgs: ['PS384'] }],
  ['PS512', { kty: 'RSA', crv: null, keyAlgs: ['PS512'] }],
  ['ES256', { kty: 'EC', crv: 'P-256', keyAlgs: ['ES256'] }],
  ['ES384', { kty: 'EC', crv: 'P-384', keyAlgs: ['ES384'] }],
  ['ES512', { kty: 'EC', crv: 'P-521', keyAlgs: ['ES512'] }],
  ['EdDSA', { kty: 'OKP', crv: 'Ed25519', keyAlgs: ['EdDSA', 'Ed25519'] }],
  ['Ed25519', { kty: 'OKP', crv: 'Ed25519', keyAlgs: ['EdDSA', 'Ed25519'] }],
])
