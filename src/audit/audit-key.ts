import { hkdfSync } from 'node:crypto'

/** Where the audit key comes from. */
export interface AuditKeySource {
  /** `AUDIT_KEY`. Null: the access key's secret stands in for it. */
  readonly auditKey: string | null
  readonly accessKeySecret: string
}

/** One key for each use, so that none of them helps against another. */
export interface AuditKeys {
  readonly idHash: Buffer
  readonly seal: Buffer
  readonly chain: Buffer
}

const KEY_BYTES = 32

/**
 * The 32 bytes of audit key. HKDF spreads a secret and adds none: `AUDIT_KEY` must be random, not a password.
 *
 * Rotation: a journal is written with one key from its first line to its last. Stop the process, see that the
 * verifier lists no open intent, then start with the new key and a new file. Without `AUDIT_KEY` this holds for
 * the access key as well, and a file from before is verified with `AUDIT_KEY` set to the old access key's secret.
 */
export function toAuditKey({ auditKey, accessKeySecret }: AuditKeySource): Buffer {
  return derive(auditKey ?? accessKeySecret, 'genauth-graphql audit')
}

export function toAuditKeys(key: Buffer): AuditKeys {
  return {
    idHash: derive(key, 'genauth-graphql audit id-hash'),
    seal: derive(key, 'genauth-graphql audit seal'),
    chain: derive(key, 'genauth-graphql audit chain'),
  }
}

function derive(secret: string | Buffer, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', use, KEY_BYTES))
}
