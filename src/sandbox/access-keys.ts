/** The access keys that are valid now. There are two while one replaces the other. */
export interface AccessKeys {
  add(accessKeyId: string, accessKeySecret: string): void
  /** Revokes an access key. Reading: its tokens end with it immediately. */
  revoke(accessKeyId: string): void
  /** Returns the secret of a key, or `undefined` if there is no such key. */
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
