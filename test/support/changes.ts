import { randomUUID } from 'node:crypto'
import type { BegunChange, ChangeEntry } from '../../src/history/change-entry.ts'
import { GENAUTH_ID } from './journal.ts'

/** A change as its record tells of it. */
export function begunOf(changes: Partial<BegunChange> = {}): BegunChange {
  return {
    id: randomUUID(),
    user: { kind: 'ID', userId: GENAUTH_ID },
    atMs: 1_000,
    actor: { issuer: 'https://issuer.example', subject: 'admin-1', client: 'support-desk' },
    requestId: 'request-1',
    factorsBefore: [{ code: 'SMS', enabled: true, sort: 0 }],
    factorsAfter: [
      { code: 'OTP', enabled: true, sort: 0 },
      { code: 'SMS', enabled: false, sort: 1 },
    ],
    changedFields: ['mfaPhone'],
    effects: ['WEAKENING'],
    revisionBefore: 'r2.before',
    revisionIntended: 'r2.intended',
    sealedReason: Buffer.from('sealed'),
    revertOf: null,
    ...changes,
  }
}

export function beginOf(changes: Partial<BegunChange> = {}): Extract<ChangeEntry, { kind: 'BEGUN' }> {
  return { kind: 'BEGUN', change: begunOf(changes) }
}

export function endOf(id: string, outcome: 'APPLIED' | 'NOT_APPLIED' | 'UNKNOWN' = 'APPLIED'): ChangeEntry {
  return { kind: 'ENDED', id, outcome }
}
