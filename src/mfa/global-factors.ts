import type { Clock } from '../base/clock.ts'
import { createDeadline, type Deadline, within } from '../base/deadline.ts'
import { ownCallContext, type UpstreamFor } from './call-context.ts'
import type { MfaFactorType } from './factor.ts'
import { fail, notSent, type Result } from './failure.ts'

/** Reads the factors that the user pool allows at all. */
export type ReadGlobalFactors = (deadline: Deadline) => Promise<Result<readonly MfaFactorType[]>>

/** The factors of the pool, as warnings need them. */
export interface GlobalFactors {
  readonly read: ReadGlobalFactors
  /** Reads again when next asked, because this process has changed them. */
  forget(): void
}

/** The greatest age of a warning's facts. The settings of a whole pool change rarely. */
const KEPT_MS = 60_000
/** One read serves every caller that waits for it, so it does not use the deadline of a single caller. */
const READ_DEADLINE_MS = 10_000

/** Reads the settings of the pool at most once a minute, for any number of callers. A failure is not kept. */
export function createGlobalFactors(upstreamFor: UpstreamFor, clock: Clock): GlobalFactors {
  let kept: {
    readonly untilMs: number
    readonly read: Promise<Result<readonly MfaFactorType[]>>
  } | null = null

  const read: ReadGlobalFactors = async deadline => {
    if (kept === null || clock.monotonic() >= kept.untilMs) {
      const upstream = upstreamFor(ownCallContext(createDeadline(READ_DEADLINE_MS, clock)))
      const asked = { untilMs: clock.monotonic() + KEPT_MS, read: upstream.readGlobalFactors() }
      kept = asked
      void asked.read.then(read => {
        if (!read.ok && kept === asked) kept = null
      })
    }
    return within(deadline, kept.read, () => fail(notSent()))
  }

  return {
    read,
    forget() {
      kept = null
    },
  }
}
