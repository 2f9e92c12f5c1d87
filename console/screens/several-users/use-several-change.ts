import { useState } from 'preact/hooks'
import type { RequestFailure } from '../../api/request-failure.ts'
import { isMfaFailure, type MfaFailure } from '../../api/tell-failure.ts'
import { useWrite } from '../../api/use-write.ts'
import { SwitchFactorsOfUsersDocument } from '../../generated/documents.ts'
import type { FactorType } from '../../parts/factor-switches.ts'
import { toHref } from '../../session/base.ts'
import { useScreenTexts } from '../../texts/texts.ts'
import { type Outcome, type ToldState, toOutcome } from './outcome.ts'

export interface Patch {
  readonly enable: FactorType[]
  readonly disable: FactorType[]
}

/** A request that has no result for anybody. */
export type WholeFailure =
  | { readonly kind: 'REQUEST'; readonly failure: RequestFailure; readonly isChange: boolean }
  | { readonly kind: 'MFA'; readonly failure: MfaFailure }

export interface SeveralChange {
  readonly outcomes: ReadonlyMap<string, Outcome>
  /** States that came with results. */
  readonly states: ReadonlyMap<string, ToldState>
  readonly failure: WholeFailure | null
  readonly isWriting: boolean
  /** `true` while the change itself is on its way. */
  readonly isSending: boolean
  /** Sends the switch for some of the people, or previews it. Resolves to the results of all people. */
  send(
    ids: readonly string[],
    patch: Patch,
    options: SendOptions,
  ): Promise<ReadonlyMap<string, Outcome> | null>
  /** Forgets every result. */
  clear(): void
}

export interface SendOptions {
  readonly reason: string | null
  readonly isStopping: boolean
  readonly dryRun: boolean
}

/** Keeps the result of each person's change. A new result of a person replaces the earlier one. */
export function useSeveralChange(): SeveralChange {
  const { several } = useScreenTexts()
  const { run, isWriting, isSending } = useWrite(SwitchFactorsOfUsersDocument)
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map())
  const [states, setStates] = useState<ReadonlyMap<string, ToldState>>(new Map())
  const [failure, setFailure] = useState<WholeFailure | null>(null)

  async function send(
    ids: readonly string[],
    patch: Patch,
    { reason, isStopping, dryRun }: SendOptions,
  ): Promise<ReadonlyMap<string, Outcome> | null> {
    const users = ids.map(userId => ({ userId, userIdType: 'USER_ID' as const }))
    const onError = isStopping && !dryRun ? 'STOP' : 'CONTINUE'
    const href = toHref('several-users', { ids: ids.join() })
    const subject = dryRun ? null : ({ kind: 'SEVERAL', who: several.people(ids.length), href } as const)
    const result = await run({ users, ...patch, onError, reason, dryRun }, subject)
    if (result === null) return null
    setFailure(null)
    const next = new Map(outcomes)
    const read = new Map(states)
    if (result.kind === 'FAILED') {
      setFailure({ kind: 'REQUEST', failure: result.failure, isChange: !dryRun })
      if (dryRun || result.failure.isExecuted === 'NO') return null
      for (const id of ids) next.set(id, { kind: 'UNKNOWN', failure: null })
    } else {
      const payload = result.data.setUsersMfaStatus
      if (payload.__typename !== 'SetUsersMfaStatusSuccess') {
        if (isMfaFailure(payload)) setFailure({ kind: 'MFA', failure: payload })
        return null
      }
      for (const { ref, payload: each } of payload.results) {
        const { outcome, state } = toOutcome(each, !dryRun)
        next.set(ref.userId, outcome)
        if (state !== null) read.set(ref.userId, { ...state, atMs: Date.now() })
      }
    }
    setOutcomes(next)
    setStates(read)
    return next
  }

  function clear(): void {
    setOutcomes(new Map())
    setFailure(null)
  }

  return { outcomes, states, failure, isWriting, isSending, send, clear }
}
