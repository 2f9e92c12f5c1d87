import type { KeyObject } from 'node:crypto'
import { deriveKey } from '../base/derive-key.ts'

/** The sources of the audit keys. */
export interface AuditKeySource {
  /** `AUDIT_KEY`: the current key, then former ones. If the list is empty, the access key's secret stands in for it. */
  readonly auditKeys: readonly string[]
  readonly accessKeySecret: string
}

/** One key for each use, so that none of them helps against another. */
export interface AuditKeys {
  readonly idHash: KeyObject
  readonly seal: KeyObject
  readonly chain: KeyObject
  /** Seals the words of callers in the index of the history. */
  readonly reason: KeyObject
  /** Names the key in a journal and reveals nothing of it. */
  readonly id: string
}

/** The current key, then former ones. A journal may have begun under any of them. */
export type AuditKeyring = readonly [AuditKeys, ...AuditKeys[]]

const ID_BYTES = 16

/** Derives the keys of each secret, as `deriveKey` does. */
export function toAuditKeyring({ auditKeys, accessKeySecret }: AuditKeySource): AuditKeyring {
  const [current = accessKeySecret, ...former] = auditKeys
  return [toAuditKeys(current), ...former.map(toAuditKeys)]
}

function toAuditKeys(secret: string): AuditKeys {
  const key = deriveKey(secret, 'genauth-graphql audit')
  return {
    idHash: deriveKey(key, 'genauth-graphql audit id-hash'),
    seal: deriveKey(key, 'genauth-graphql audit seal'),
    chain: deriveKey(key, 'genauth-graphql audit chain'),
    reason: deriveKey(key, 'genauth-graphql audit reason'),
    id: deriveKey(key, 'genauth-graphql audit key-id').export().toString('hex', 0, ID_BYTES),
  }
}
