import type { Clock } from '../base/clock.ts'
import { createDeadline, type Deadline, within } from '../base/deadline.ts'
import { ownCallContext, type UpstreamFor } from './call-context.ts'
import type { MfaFactorType } from './factor.ts'
import { fail, notSent, type Result } from './failure.ts'

/** The factors that the user pool allows at all. */
export type ReadGlobalFactors = (deadline: Deadline) => Promise<Result<readonly MfaFactorType[]>>

/** Settings of a whole pool change rarely; a warning may be this old. */
const KEPT_MS = 60_000
/** One read serves every caller that waits for it, so it keeps to no single caller's deadline. */
const READ_DEADLINE_MS = 10_000

/** Reads the pool's settings at most once a minute, however many ask. A failure is not kept. */
export function createGlobalFactors(upstreamFor: UpstreamFor, clock: Clock): ReadGlobalFactors {
  let kept: {
    readonly until: number
    readonly read: Promise<Result<readonly MfaFactorType[]>>
  } | null = null

  return async deadline => {
    if (kept === null || clock.now() >= kept.until) {
      const upstream = upstreamFor(ownCallContext(createDeadline(READ_DEADLINE_MS, clock)))
      const asked = { until: clock.now() + KEPT_MS, read: upstream.readGlobalFactors() }
      kept = asked
      void asked.read.then(read => {
        if (!read.ok && kept === asked) kept = null
      })
    }
    return within(deadline, kept.read, () => fail(notSent()))
  }
}
