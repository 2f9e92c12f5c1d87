import { randomUUID } from 'node:crypto'
import { getMfaStatus, setMfaStatus } from '../genauth.ts'
import type { Backend } from '../peer-schema.ts'
import { AuditFile } from './audit-file.ts'
import { countWork } from './limits.ts'
import { timeCall, timeRecord } from './metrics.ts'
import { settings } from './settings.ts'
import { type Caller, requireScope } from './tokens.ts'

export interface DutyContext {
  readonly requestId: string
  readonly caller: Caller
}

const auditFile = await AuditFile.open(settings.AUDIT_LOG)

/** Calls GenAuth for callers who may, within their limits, with each change between two synced records. */
export const DUTIFUL_BACKEND: Backend<DutyContext> = {
  async read(userId, { caller }) {
    requireScope(caller, 'mfa:read')
    await countWork('reads', caller)
    return readStatus(userId)
  },

  async change({ userId, applicationMfa, triggerData }, { requestId, caller }) {
    requireScope(caller, 'mfa:write')
    await countWork('writes', caller)
    const after = { ...(triggerData ?? (await readStatus(userId))), applicationMfa }
    // As for this server, a change of an unknown state may weaken.
    await countWork('weakenings', caller)
    const intent = {
      kind: 'intent',
      id: randomUUID(),
      time: new Date().toISOString(),
      requestId,
      caller: caller.subject,
      userId,
      factors: applicationMfa,
      fields: Object.keys(after),
    }
    await record(intent)
    const startedAtMs = performance.now()
    let outcome: 'APPLIED' | 'FAILED' = 'FAILED'
    try {
      await timeCall('set-mfa-status', () => setMfaStatus(userId, after))
      outcome = 'APPLIED'
    } finally {
      await record({
        kind: 'outcome',
        intent: intent.id,
        time: new Date().toISOString(),
        outcome,
        durationMs: Math.round(performance.now() - startedAtMs),
      })
    }
    return after
  },
}

function readStatus(userId: string) {
  return timeCall('get-mfa-status', () => getMfaStatus(userId))
}

function record(entry: { readonly kind: string; readonly [member: string]: unknown }): Promise<void> {
  return timeRecord(entry.kind, () => auditFile.append(entry))
}
