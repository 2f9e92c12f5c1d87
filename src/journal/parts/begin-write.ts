import type { Conclude, WriteConclusion } from '../../mfa/journal-port.ts'
import type { ChainWriter, JournalTools } from '../chain-writer.ts'
import type { DraftOf } from '../records/journal-record.ts'
import { ChainLostError } from '../store/chain-lost-error.ts'
import type { JournalLife } from './journal-life.ts'

/** Appends the outcome of an intent. `durationMs` is `null` if a later process found the outcome. */
export type AppendOutcome = (
  intentId: string,
  conclusion: WriteConclusion,
  durationMs: number | null,
) => Promise<void>

/**
 * Appends an intent, and returns the function that appends its outcome in the given way.
 *
 * @throws JournalUnavailableError if it cannot be recorded
 */
export type BeginWrite = (
  draft: DraftOf<'intent' | 'policyIntent'>,
  append: AppendOutcome,
) => Promise<Conclude>

const MISSING = 'an outcome is missing in the audit journal: no more writes until a restart'
const TAKEN_OVER = 'an outcome is left to the process that has taken over the chain of the audit journal'

/** Creates the beginning of a write, which is the same for users and for policies. */
export function createBeginWrite(
  writer: Pick<ChainWriter, 'append'>,
  life: JournalLife,
  { clock, log }: JournalTools,
): BeginWrite {
  async function stopUnless(recorded: Promise<void>, intentId: string): Promise<void> {
    try {
      await recorded
    } catch (error) {
      life.stop()
      log.error({ intent: intentId }, isChainLost(error) ? TAKEN_OVER : MISSING)
    }
  }

  async function begin(...[draft, append]: Parameters<BeginWrite>): ReturnType<BeginWrite> {
    life.refuseIfUnfit()
    await writer.append(draft)
    const durableAtMs = clock.monotonic()
    let concluded: Promise<void> | null = null
    const conclude: Conclude = (conclusion, deadline) => {
      const durationMs = Math.round(clock.monotonic() - durableAtMs)
      concluded ??= stopUnless(life.whileOpen(append(draft.id, conclusion, durationMs), deadline), draft.id)
      return concluded
    }
    if (life.isStopped) {
      // The journal stopped while this intent waited in line. The intent stays on record, and nothing is
      // sent.
      await conclude({ outcome: 'NOT_APPLIED', failure: 'NOT_ATTEMPTED', upstreamRequestId: null })
      life.refuseIfStopped()
    }
    return conclude
  }

  return (draft, append) => life.whileOpen(begin(draft, append))
}

function isChainLost(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof ChainLostError
}

/** The conclusion of a write whose process is gone. */
export function foundLater(outcome: WriteConclusion['outcome']): WriteConclusion {
  return { outcome, failure: null, upstreamRequestId: null }
}
