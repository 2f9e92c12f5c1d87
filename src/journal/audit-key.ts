import { hkdfSync } from 'node:crypto'

/** The sources of the audit keys. */
export interface AuditKeySource {
  /** `AUDIT_KEY`: the current key, then former ones. If the list is empty, the access key's secret stands in for it. */
  readonly auditKeys: readonly string[]
  readonly accessKeySecret: string
}

/** One key for each use, so that none of them helps against another. */
export interface AuditKeys {
  readonly idHash: Buffer
  readonly seal: Buffer
  readonly chain: Buffer
  /** Seals the words of callers in the index of the history. */
  readonly reason: Buffer
  /** Names the key in a journal and reveals nothing of it. */
  readonly id: string
}

/** The current key, then former ones. A journal may have begun under any of them. */
export type AuditKeyring = readonly [AuditKeys, ...AuditKeys[]]

const KEY_BYTES = 32
const ID_BYTES = 16

/** HKDF spreads a secret and adds no strength. `AUDIT_KEY` must be random, not a password. */
export function toAuditKeyring({ auditKeys, accessKeySecret }: AuditKeySource): AuditKeyring {
  const [current = accessKeySecret, ...former] = auditKeys
  return [toAuditKeys(current), ...former.map(toAuditKeys)]
}

function toAuditKeys(secret: string): AuditKeys {
  const key = derive(secret, 'genauth-graphql audit')
  return {
    idHash: derive(key, 'genauth-graphql audit id-hash'),
    seal: derive(key, 'genauth-graphql audit seal'),
    chain: derive(key, 'genauth-graphql audit chain'),
    reason: derive(key, 'genauth-graphql audit reason'),
    id: derive(key, 'genauth-graphql audit key-id').toString('hex', 0, ID_BYTES),
  }
}

function derive(secret: string | Buffer, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', use, KEY_BYTES))
}
