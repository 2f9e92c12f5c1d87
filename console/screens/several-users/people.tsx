import { useEffect, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { isMfaFailure } from '../../api/tell-failure.ts'
import { useRead } from '../../api/use-read.ts'
import { FindUsersDocument } from '../../generated/documents.ts'
import { type FactorSwitches, LEAVE_ALL, toPatch, toSwitches } from '../../parts/factor-switches.ts'
import { MfaFailureNote, RequestFailureNote } from '../../parts/failure-note.tsx'
import { GoneNote } from '../../parts/gone-note.tsx'
import { announce } from '../../parts/live-region.tsx'
import { toReason } from '../../parts/reason-field.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { StateOf } from '../../parts/state-of.tsx'
import { toHref } from '../../session/base.ts'
import { isPendingChange } from '../../session/pending-change.ts'
import { useHold, useSession, useWaiting } from '../../session/session-context.ts'
import { useViewer } from '../../session/viewer.tsx'
import { NOTHING, takeWaiting } from '../../session/waiting.ts'
import { useScreenTexts } from '../../texts/texts.ts'
import { mayRepeat, type Outcome } from './outcome.ts'
import { PeopleTable } from './people-table.tsx'
import { ResultPanel } from './result-panel.tsx'
import { countOutcomes } from './summary.tsx'
import { SwitchForm } from './switch-form.tsx'
import { type SendOptions, useSeveralChange } from './use-several-change.ts'
import { WholeFailureNote } from './whole-failure-note.tsx'

/** The people of the address, the switch for all of them, and the result of each. */
export function People({ ids }: { ids: readonly string[] }) {
  const { several, changes, changing, common } = useScreenTexts()
  const session = useSession()
  const { mayWrite } = useViewer()
  const { route } = useLocation()
  const users = ids.map(userId => ({ userId, userIdType: 'USER_ID' as const }))
  const { reading, isReading, again } = useRead(FindUsersDocument, { users })
  const target = `users:${ids.join()}`
  const [waited, setWaited] = useState(() => takeWaiting(target, session.subject, isPendingChange))
  const isBack = waited.kind === 'CAME_BACK'
  const [switches, setSwitches] = useState<FactorSwitches>(() =>
    isBack ? toSwitches(waited.wish.enable, waited.wish.disable) : LEAVE_ALL,
  )
  const [isStopping, setStopping] = useState(false)
  const [reason, setReason] = useState('')
  const [fault, setFault] = useState<string | null>(null)
  const change = useSeveralChange()
  const patch = toPatch(switches)
  const hasResults = change.outcomes.size > 0
  const isEmpty = patch.enable.length + patch.disable.length === 0
  const isWished = reason !== '' || !isEmpty

  const idsWhere = (isWanted: (outcome: Outcome) => boolean) =>
    ids.filter(id => {
      const outcome = change.outcomes.get(id)
      return outcome !== undefined && isWanted(outcome)
    })
  const isPreviewed = idsWhere(({ kind }) => kind === 'WOULD_CHANGE').length > 0
  /** Nothing has come of it, so it is still a draft. */
  const isRefused = idsWhere(({ kind }) => kind !== 'REFUSED').length === 0
  useHold(isWished || hasResults, isWished && !change.isSending && (isPreviewed || isRefused))
  const isOpen = !hasResults || isPreviewed || idsWhere(({ kind }) => kind === 'REFUSED').length > 0
  useWaiting(
    isWished && isOpen && !change.isSending
      ? { target, reason, wish: { ...patch, order: null, revision: null } }
      : null,
  )

  async function send(some: readonly string[], options: Pick<SendOptions, 'dryRun'>): Promise<void> {
    const outcomes = await change.send(some, patch, { ...options, isStopping, reason: toReason(reason) })
    if (outcomes === null) return
    const counts = countOutcomes(outcomes).map(({ kind, count }) =>
      several.countOf(count, several.kinds[kind]),
    )
    announce(counts.join(common.between), 'assertive')
  }

  function preview(): void {
    setFault(isEmpty ? changing.nothingChosen : null)
    if (isEmpty) announce(changing.nothingChosen, 'assertive')
    else void send(ids, { dryRun: true })
  }

  useEffect(change.clear, [target])
  useEffect(() => {
    if (isBack && !isEmpty) void send(ids, { dryRun: true })
  }, [])

  const payload = reading.kind === 'READ' ? reading.data.usersMfa : null
  const [failure] = reading.kind === 'READ' ? reading.failures : []
  return (
    <>
      {mayWrite && !hasResults && (
        <SwitchForm
          switches={switches}
          fault={fault}
          reason={reason}
          wasReasonLost={isBack && waited.hadReason}
          isStopping={isStopping}
          isBusy={change.isWriting}
          onSwitches={setSwitches}
          onReason={setReason}
          onStopping={setStopping}
          onPreview={() => {
            setWaited(NOTHING)
            preview()
          }}
        />
      )}
      {isBack && !isEmpty && <p role="status">{changing.isBack}</p>}
      <GoneNote waited={waited} texts={changes.gone} />
      <WholeFailureNote failure={change.failure} onAgain={preview} />
      {hasResults && (
        <ResultPanel
          outcomes={change.outcomes}
          patch={patch}
          reason={reason}
          isBusy={change.isWriting}
          isSending={change.isSending}
          isBackFromSignIn={isBack && session.isStepUp}
          wasReasonLost={isBack && waited.hadReason}
          onReason={setReason}
          onApply={() => {
            setWaited(NOTHING)
            void send(
              idsWhere(({ kind }) => kind === 'WOULD_CHANGE'),
              { dryRun: false },
            )
          }}
          onLookAgain={() =>
            void send(
              idsWhere(({ kind }) => kind === 'UNKNOWN'),
              { dryRun: true },
            )
          }
          onRepeat={() => {
            setWaited(NOTHING)
            void send(idsWhere(mayRepeat), { dryRun: true })
          }}
          onPreview={() => {
            setWaited(NOTHING)
            void send(
              idsWhere(({ kind }) => kind === 'REFUSED'),
              { dryRun: true },
            )
          }}
          onOther={() => {
            setWaited(NOTHING)
            change.clear()
          }}
        />
      )}
      <h2>{several.people(ids.length)}</h2>
      {reading.kind === 'FAILED' && <RequestFailureNote failure={reading.failure} onAgain={again} />}
      {(reading.kind === 'IDLE' || reading.kind === 'LOADING') && <Skeleton lines={2 + ids.length} />}
      {payload !== null && isMfaFailure(payload) && <MfaFailureNote failure={payload} onAgain={again} />}
      {reading.kind === 'READ' && payload?.__typename === 'UsersMfaSuccess' && (
        <>
          {failure !== undefined && <RequestFailureNote failure={failure} onAgain={again} />}
          <PeopleTable
            results={payload.results}
            readAtMs={reading.readAtMs}
            states={change.states}
            outcomes={change.outcomes}
            {...(!hasResults &&
              !change.isWriting && {
                onLeaveOut: id =>
                  route(toHref('several-users', { ids: ids.filter(each => each !== id).join() }), true),
              })}
          />
          <StateOf atMs={reading.readAtMs} isReading={isReading} onLookAgain={again} />
        </>
      )}
    </>
  )
}
