import { type Deadline, within } from '../base/deadline.ts'
import { fail, type MfaFailure, notSent, type Result } from './failure.ts'
import type { MfaWriteOutcome } from './failure-details.ts'
import type { Conclude, WriteConclusion } from './journal-port.ts'

/**
 * Sends a write between its two records. The intent is durable before the write is sent, and the conclusion before
 * the result is returned. The result does not wait beyond the deadline, so a disk that hangs does not keep it from
 * the caller.
 *
 * If the intent is not durable by the deadline, nothing is sent, and the intent is concluded once it is durable.
 *
 * @param begun the intent, which is being recorded
 * @throws JournalUnavailableError before anything is sent
 */
export async function betweenRecords<T>(
  begun: Promise<Conclude>,
  deadline: Deadline,
  send: () => Promise<Result<T>>,
): Promise<Result<T>> {
  const conclude = await within(deadline, begun, () => null)
  if (conclude === null) return giveUp(begun)
  const result = await send()
  await within(deadline, conclude(toConclusion(result), deadline), () => {})
  return result
}

function giveUp(begun: Promise<Conclude>): Result<never> {
  const result = fail({ ...notSent(), outcome: 'NOT_APPLIED' })
  // If the intent could not be written after all, there is nothing to conclude.
  begun.then(conclude => conclude(toConclusion(result))).catch(() => {})
  return result
}

function toConclusion(result: Result<unknown>): WriteConclusion {
  if (result.ok) return { outcome: 'APPLIED', failure: null, upstreamRequestId: null }
  const { failure } = result
  return {
    outcome: toOutcome(failure),
    failure: failure.kind,
    upstreamRequestId: failure.upstream?.requestId ?? null,
  }
}

function toOutcome(failure: MfaFailure): MfaWriteOutcome {
  switch (failure.kind) {
    case 'UPSTREAM_UNAVAILABLE':
      return failure.outcome ?? 'UNKNOWN'
    case 'POLICY_UNAVAILABLE':
      return failure.outcome
    case 'OPERATION_REFUSED':
      // The second of two steps was refused.
      return failure.observed === undefined ? 'NOT_APPLIED' : 'UNKNOWN'
    default:
      return 'NOT_APPLIED'
  }
}
