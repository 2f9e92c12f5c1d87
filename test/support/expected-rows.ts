import type { CoverageRow } from '../../src/coverage/coverage-row.ts'
import type { ScanDepth } from '../../src/coverage/scan.ts'
import { ACCOUNT_STATUSES } from '../../src/mfa/account.ts'
import type { MfaPosture } from '../../src/mfa/bindings.ts'
import type { SandboxUser } from '../../src/sandbox/user.ts'

/** A row without the time of reading. */
export type TimelessRow = Omit<CoverageRow, 'readAtMs'>

/** Returns the row that a scan must store about a user of the sandbox. */
export function toExpectedRow(user: SandboxUser, depth: ScanDepth): TimelessRow {
  const { mfa } = user
  const bindings = {
    SMS: mfa?.mfaPhone != null,
    EMAIL: mfa?.mfaEmail != null,
    OTP: mfa?.totpMfaEnabled === true,
    FACE: mfa?.faceMfaEnabled === true,
  }
  const factors = (mfa?.applicationMfa ?? []).filter(({ status }) => status !== 0)
  const codes = factors.toSorted((a, b) => a.sort - b.sort).map(({ mfaPolicy }) => mfaPolicy)
  return {
    userId: user.userId,
    status: ACCOUNT_STATUSES.find(status => status === user.status.toUpperCase()) ?? null,
    departmentIds: user.departmentIds,
    bindings: depth === 'ACTIVITY' ? null : bindings,
    enabledFactors: depth === 'FULL' ? codes : null,
    posture: depth === 'FULL' ? toPosture(codes, bindings) : null,
    lastMfaAtMs: user.lastMfaTime === null ? null : Date.parse(user.lastMfaTime),
    lastSignInAtMs: user.lastLogin === null ? null : Date.parse(user.lastLogin),
  }
}

function toPosture(codes: readonly string[], bindings: Readonly<Record<string, boolean>>): MfaPosture {
  if (codes.length === 0) return 'UNPROTECTED'
  if (codes.some(code => bindings[code] === true)) return 'PROTECTED'
  return codes.some(code => bindings[code] === false) ? 'PENDING' : 'UNKNOWN'
}

export function withoutTimes(rows: readonly CoverageRow[]): TimelessRow[] {
  return rows.map(({ readAtMs: _, ...row }) => row)
}
