import type { ActionLogs } from './action-logs.ts'
import { FIRST_APPLICATION_ID } from './applications.ts'
import type { SandboxUser } from './user.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/**
 * Logs the actions of the seeds from before the sandbox began. A seed that has a factor bound it after it was made. It
 * passed the factor at its last sign-in with one, at the second try.
 */
export function addSeededActions(logs: ActionLogs, seeds: readonly SandboxUser[]): void {
  for (const { userId, createdAt, lastMfaTime, mfa } of seeds) {
    const hasBound = mfa !== undefined && (mfa.totpMfaEnabled || mfa.mfaPhone !== null)
    if (!hasBound) continue
    const action = { userId, appId: FIRST_APPLICATION_ID }
    logs.add({ ...action, eventType: 'bindMfa', isSuccess: true }, Date.parse(createdAt) + HOUR_MS)
    if (lastMfaTime === null) continue
    const passedMs = Date.parse(lastMfaTime)
    logs.add({ ...action, eventType: 'verifyMfa', isSuccess: false }, passedMs - MINUTE_MS)
    logs.add({ ...action, eventType: 'verifyMfa', isSuccess: true }, passedMs)
  }
}
