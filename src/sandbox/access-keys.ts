/** The access keys that are valid at the moment: two while one takes the place of the other. */
export interface AccessKeys {
  add(accessKeyId: string, accessKeySecret: string): void
  /** Reading: tokens that were had for it end with it, at once. */
  revoke(accessKeyId: string): void
  /** Undefined: no such key. */
  secretOf(accessKeyId: string): string | undefined
}

export function createAccessKeys(accessKeyId: string, accessKeySecret: string): AccessKeys {
  const secrets = new Map([[accessKeyId, accessKeySecret]])
  return {
    add: (id, secret) => secrets.set(id, secret),
    revoke: id => secrets.delete(id),
    secretOf: id => secrets.get(id),
  }
}
