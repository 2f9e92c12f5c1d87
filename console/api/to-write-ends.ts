import type { Result } from './client.ts'
import { isKnownResult } from './is-known-result.ts'
import { isInDoubt, isMfaFailure } from './tell-failure.ts'

/** The part of the payload of a write that says what came of it. */
export interface WritePayload {
  readonly __typename: string
  readonly applied?: boolean
  readonly started?: boolean
  readonly results?: readonly { readonly ref: { readonly userId: string }; readonly payload: WritePayload }[]
}

/** The data of a write: the payload of its only field. */
export type WriteData = Readonly<Record<string, WritePayload>>

/** The end of a write. `UNCHANGED`: nothing had to be written. */
export type WriteEnd = 'DONE' | 'UNCHANGED' | 'NOT_DONE' | 'UNKNOWN'

/** Returns the end of a write, or that of each person if it has a result for each. Without proof it is `UNKNOWN`. */
export function toWriteEnds(result: Result<WriteData>): readonly WriteEnd[] {
  if (result.kind === 'FAILED') return [result.failure.isExecuted === 'NO' ? 'NOT_DONE' : 'UNKNOWN']
  const [payload] = Object.values(result.data)
  return payload?.results?.map(each => toEnd(each.payload)) ?? [toEnd(payload)]
}

function toEnd(payload: WritePayload | undefined | null): WriteEnd {
  if (payload == null || !isKnownResult(payload, true)) return 'UNKNOWN'
  if (isMfaFailure(payload)) return isInDoubt(payload) ? 'UNKNOWN' : 'NOT_DONE'
  if (!payload.__typename.endsWith('Success')) return 'UNKNOWN'
  return payload.applied === false || payload.started === false ? 'UNCHANGED' : 'DONE'
}
