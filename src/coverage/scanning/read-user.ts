import { toPosture } from '../../mfa/bindings.ts'
import { inSignInOrder, type MfaFactor } from '../../mfa/factor.ts'
import type { CoverageRow } from '../coverage-row.ts'
import type { ScanDepth, ScanFailure } from '../scan.ts'
import type { ListedUser } from '../scan-upstream.ts'
import { toLastingFailure } from './find-list-fault.ts'
import type { Called, ScanCalls } from './scan-calls.ts'

/** What could be read about a user. */
export type UserReading =
  | { readonly kind: 'ROW'; readonly row: CoverageRow }
  /** GenAuth did not answer everything. `lasting` is the reason if GenAuth refuses all users alike. */
  | { readonly kind: 'UNREADABLE'; readonly row: CoverageRow; readonly lasting: ScanFailure | null }
  /** GenAuth no longer knows the user. */
  | { readonly kind: 'GONE' }
  | { readonly kind: 'UNANSWERED'; readonly isSent: boolean; readonly row: CoverageRow }

export interface ReadUserParts {
  readonly calls: ScanCalls
  readonly depth: ScanDepth
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Reads what a scan of this depth stores about a user. */
export async function readUser({ calls, depth, now }: ReadUserParts, user: ListedUser): Promise<UserReading> {
  const ref = { userId: user.ids.USER_ID, userIdType: 'USER_ID' } as const
  const mfa = depth === 'FULL' ? await calls.make(upstream => upstream.readMfa(ref)) : null
  const bindings = depth === 'ACTIVITY' ? null : await calls.make(upstream => upstream.readBindings(ref))
  if (isGone(bindings)) return { kind: 'GONE' }

  const factors = mfa?.kind === 'ANSWERED' ? mfa.value.state.factors : null
  const bound = bindings?.kind === 'ANSWERED' ? bindings.value : null
  const { account, departmentIds } = user
  const row: CoverageRow = {
    userId: ref.userId,
    status: account.status,
    departmentIds: departmentIds ?? [],
    bindings: bound,
    enabledFactors: factors && toEnabledCodes(factors),
    posture: factors && bound && toPosture(factors, bound),
    lastMfaAtMs: account.lastMfaAt?.getTime() ?? null,
    lastSignInAtMs: account.lastSignInAt?.getTime() ?? null,
    readAtMs: now(),
  }
  const unanswered = [mfa, bindings].filter(called => called?.kind === 'UNANSWERED')
  if (unanswered.length > 0) {
    return { kind: 'UNANSWERED', isSent: unanswered.every(called => called.isSent), row }
  }
  for (const called of [mfa, bindings]) {
    if (called?.kind !== 'REFUSED') continue
    const lasting = called.failure.kind === 'USER_NOT_FOUND' ? null : toLastingFailure(called.failure)
    return { kind: 'UNREADABLE', row, lasting }
  }
  return { kind: 'ROW', row }
}

/** In sign-in order, each once. */
function toEnabledCodes(factors: readonly MfaFactor[]): string[] {
  const enabled = inSignInOrder(factors.filter(factor => factor.enabled))
  return [...new Set(enabled.map(({ code }) => code))]
}

function isGone(called: Called<unknown> | null): boolean {
  return called?.kind === 'REFUSED' && called.failure.kind === 'USER_NOT_FOUND'
}
