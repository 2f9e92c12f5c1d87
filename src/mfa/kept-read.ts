import type { Clock } from '../base/clock.ts'
import { createDeadline, type Deadline, within } from '../base/deadline.ts'
import { type CallContext, ownCallContext } from './call-context.ts'
import { fail, notSent, type Result } from './failure.ts'

/** A read of something that concerns the whole user pool. */
export interface KeptRead<T> {
  /** Returns a value that is up to a minute old. */
  readonly read: (deadline: Deadline) => Promise<Result<T>>
  /** Reads again when next asked, because this process has changed it. */
  forget(): void
}

/** The settings of a whole pool change rarely. */
const KEPT_MS = 60_000
/** One read serves every caller that waits for it, so it does not use the deadline of a single caller. */
const READ_DEADLINE_MS = 10_000

/** Makes a read at most once a minute, for any number of callers. A failure is not kept. */
export function createKeptRead<T>(
  make: (context: CallContext) => Promise<Result<T>>,
  clock: Clock,
): KeptRead<T> {
  let kept: { readonly untilMs: number; readonly result: Promise<Result<T>> } | null = null

  return {
    async read(deadline) {
      if (kept === null || clock.monotonic() >= kept.untilMs) {
        const context = ownCallContext(createDeadline(READ_DEADLINE_MS, clock))
        const asked = { untilMs: clock.monotonic() + KEPT_MS, result: make(context) }
        kept = asked
        void asked.result.then(result => {
          if (!result.ok && kept === asked) kept = null
        })
      }
      return within(deadline, kept.result, () => fail(notSent()))
    },
    forget() {
      kept = null
    },
  }
}
