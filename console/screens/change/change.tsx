import { useEffect, useState } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { CheckField } from '../../parts/field.tsx'
import { announce } from '../../parts/live-region.tsx'
import { ReasonField } from '../../parts/reason-field.tsx'
import { useFocusOnShow } from '../../parts/use-focus-on-show.ts'
import type { PendingChange } from '../../session/pending-change.ts'
import { useHold, useSession, useWaiting } from '../../session/session-context.ts'
import type { CameBack } from '../../session/waiting.ts'
import { useScreenTexts } from '../../texts/texts.ts'
import type { UserState } from '../user/user-state.ts'
import { ChangeFailure } from './change-failure.tsx'
import { ChangePreview } from './change-preview.tsx'
import { type Draft, isEmpty, NO_WISH, toDraft, toKeptWish, toWish } from './draft.ts'
import { DraftFields } from './draft-fields.tsx'
import { type Change as SentChange, type Step, type Success, useChange } from './use-change.ts'

export interface ChangeProps {
  /** The state that the person at the page sees. */
  readonly state: UserState
  /** A change that waited for a sign-in. It begins with its preview. */
  readonly kept: CameBack<PendingChange> | null
  /** Takes a state that the server has just told. */
  readonly onLearn: (state: UserState) => void
  readonly onDone: (success: Success) => void
  /** Reads the person again, and leaves the change. */
  readonly onLookAgain: () => void
  readonly onClose: () => void
  /** Called with `true` before a request, and with `false` after its result. */
  readonly onWriting: (isWriting: boolean) => void
}

/** Changes the factors of one person: what is wanted, its preview, and then the change. */
export function Change({ state, kept, onLearn, onDone, onLookAgain, onClose, onWriting }: ChangeProps) {
  const { change, changes, common } = useScreenTexts()
  const session = useSession()
  const flow = useChange()
  const { step, isWriting, isSending } = flow
  const [base, setBase] = useState(state)
  const [revision, setRevision] = useState(kept?.wish.revision ?? state.revision)
  const [draft, setDraft] = useState<Draft>(() =>
    toDraft(state, kept === null ? NO_WISH : toKeptWish(kept.wish)),
  )
  const [reason, setReason] = useState('')
  const [allowNoFactor, setAllowNoFactor] = useState(false)
  const [isNothing, setNothing] = useState(false)
  const [isSignInLost, setSignInLost] = useState(false)
  const heading = useFocusOnShow<HTMLHeadingElement>()
  const wish = toWish(base, draft)
  const on = draft.filter(({ isOn }) => isOn).map(({ type }) => type)
  const isStepUp = step.kind === 'REFUSED' && step.refusal.__typename === 'MfaStepUpRequiredError'
  const wasSent = isSending || ('isApplied' in step && step.isApplied)
  const isWished = !isEmpty(wish) || reason !== ''
  useHold(isWished, !isSending)
  const { enable, disable, order } = wish
  useWaiting(
    isWished && !isSending ? { target: base.id, reason, wish: { enable, disable, order, revision } } : null,
  )
  useEffect(() => {
    if (kept !== null && !isEmpty(wish)) void preview()
  }, [])

  const toSent = (expectedRevision: string): SentChange => ({
    ...wish,
    on,
    userId: base.id,
    expectedRevision,
    reason,
    allowNoFactor: allowNoFactor && on.length === 0,
  })

  async function settle(sent: Promise<Step | null>): Promise<void> {
    onWriting(true)
    const next = await sent
    onWriting(false)
    if (next?.kind === 'DONE') onDone(next.success)
    if (next?.kind !== 'REFUSED' || next.refusal.__typename !== 'MfaRevisionConflictError') return
    const { current } = next.refusal
    setBase(current)
    setRevision(current.revision)
    setDraft(toDraft(current, wish))
    onLearn(current)
  }

  async function preview(): Promise<void> {
    setNothing(isEmpty(wish))
    if (isEmpty(wish)) announce(change.nothing, 'assertive')
    else await settle(flow.preview(toSent(revision)))
  }

  async function apply(expectedRevision: string): Promise<void> {
    await settle(flow.apply(toSent(expectedRevision)))
  }

  function edit(then: () => void): void {
    if (isWriting) return
    then()
    setNothing(false)
    flow.edit()
  }

  return (
    <section class="change" aria-labelledby="change">
      <h2 ref={heading} id="change" tabIndex={-1}>
        {change.title}
      </h2>
      <p>
        {kept === null || wasSent || isEmpty(wish)
          ? change.help
          : session.isStepUp
            ? change.back
            : change.backWithout}
      </p>
      <form
        aria-labelledby="change"
        onSubmit={event => {
          event.preventDefault()
          void preview()
        }}
      >
        <DraftFields
          state={base}
          draft={draft}
          isOrderNew={wish.order !== null}
          onChange={next => edit(() => setDraft(next))}
        />
        {on.length === 0 && (
          <CheckField
            label={changes.allowNoFactor}
            isChecked={allowNoFactor}
            onChange={isChecked => edit(() => setAllowNoFactor(isChecked))}
          />
        )}
        <ReasonField value={reason} isAgain={kept?.hadReason === true} onInput={setReason} />
        {isNothing && <p class="note warning">{change.nothing}</p>}
        {step.kind === 'PREVIEWED' && <ChangePreview preview={step.preview} isSending={isSending} />}
        {(step.kind === 'REFUSED' || step.kind === 'NO_RESULT') && (
          <ChangeFailure
            step={step}
            isBack={kept !== null && session.isStepUp}
            onAgain={() => void (step.isApplied ? apply(revision) : preview())}
            onLookAgain={onLookAgain}
            onStepUp={({ maxAgeS, acrValues }) => {
              setSignInLost(false)
              void session
                .signInAgain({ maxAgeS, acrValues })
                .then(() => setSignInLost(session.fault !== null))
            }}
          />
        )}
        {isSignInLost && <p class="note warning">{change.signInFailed}</p>}
        <div class="buttons">
          {step.kind === 'PREVIEWED' && step.preview.changed && (
            <Button kind="main" isBusy={isWriting} onClick={() => void apply(step.preview.expectedRevision)}>
              {change.apply}
            </Button>
          )}
          <Button
            type="submit"
            kind={step.kind === 'PREVIEWED' || isStepUp ? 'plain' : 'main'}
            isBusy={isWriting}
          >
            {step.kind === 'EDITING' ? changes.preview : changes.previewAgain}
          </Button>
          <Button isBusy={isWriting} onClick={onClose}>
            {common.cancel}
          </Button>
        </div>
      </form>
    </section>
  )
}
