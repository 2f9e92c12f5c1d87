import type { Clock } from '../base/clock.ts'
import type { CallContext } from '../mfa/call-context.ts'
import type { CallerLimits } from '../mfa/caller-limits.ts'
import type { MfaUpstream } from '../mfa/upstream.ts'
import type { ScanDispatch } from './scan-dispatch.ts'
import type { ScanJournal } from './scan-journal.ts'
import type { ScanStore } from './scan-store.ts'
import type { ScanUpstream } from './scan-upstream.ts'

export interface CoverageServiceOptions {
  readonly store: ScanStore
  readonly upstreamFor: (context: CallContext) => MfaUpstream & ScanUpstream
  readonly dispatch: ScanDispatch
  readonly journal: ScanJournal
  readonly limitsOf: (callerKey: string) => CallerLimits
  readonly clock: Clock
}
