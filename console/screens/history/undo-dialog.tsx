import { useCallback, useContext, useEffect, useState } from 'preact/hooks'
import type { Result } from '../../api/client.ts'
import type { ResultOf } from '../../api/document.ts'
import { useWrite } from '../../api/use-write.ts'
import { UndoChangeDocument } from '../../generated/documents.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { CheckField } from '../../parts/field.tsx'
import { announce } from '../../parts/live-region.tsx'
import { ReasonField } from '../../parts/reason-field.tsx'
import { WhoContext } from '../../parts/who-context.ts'
import { useHold, useSession, useWaiting } from '../../session/session-context.ts'
import type { CameBack } from '../../session/waiting.ts'
import { useScreenTexts } from '../../texts/texts.ts'
import { findNextUndoStep } from './find-next-undo-step.ts'
import { type PendingUndo, toUndoTarget } from './pending-undo.ts'
import { UndoAnswer } from './undo-answer.tsx'
import type { Done } from './undo-done.tsx'

export interface UndoDialogProps {
  readonly userId: string
  readonly changeId: string
  /** The same undo, if it waited for a sign-in. */
  readonly kept: CameBack<PendingUndo> | null
  readonly onClose: () => void
  /** Called if the present state must be seen before anything else. */
  readonly onLookAgain: () => void
  readonly onDone: (done: Done) => void
}

/** The last answer of the server, to a preview or to the undo. */
export interface Answer {
  readonly isPreview: boolean
  readonly result: Result<ResultOf<typeof UndoChangeDocument>>
}

/** Shows what an undo would do, asks for a reason, and makes it. Nothing is made before its preview was seen. */
export function UndoDialog({ userId, changeId, kept, onClose, onLookAgain, onDone }: UndoDialogProps) {
  const { history, changes, common } = useScreenTexts()
  const session = useSession()
  const { run, isWriting, isSending } = useWrite(UndoChangeDocument)
  const [answer, setAnswer] = useState<Answer | null>(null)
  const who = useContext(WhoContext)
  const [reason, setReason] = useState('')
  const [allowNoFactor, setAllowNoFactor] = useState(false)
  useHold(reason !== '', !isSending)
  useWaiting(isSending ? null : { target: toUndoTarget(userId), reason, wish: { changeId } })

  const send = useCallback(
    async (isPreview: boolean, given: { reason: string; allowNoFactor: boolean }) => {
      const text = given.reason.trim()
      const wish = { changeId, allowNoFactor: given.allowNoFactor, reason: text === '' ? null : text }
      const result = await run({ ...wish, dryRun: isPreview }, isPreview ? null : { kind: 'UNDO', who })
      if (result === null) return
      const payload = result.kind === 'DATA' ? result.data.revertMfaChange : null
      if (payload?.__typename === 'SetUserMfaStatusSuccess') onDone(payload)
      else setAnswer({ isPreview, result })
      if (payload?.__typename === 'SetUserMfaStatusPreview') {
        announce(payload.changed ? history.previewTitle : history.previewNothing)
      }
    },
    [run, changeId, who, onDone, history],
  )
  // The first preview belongs to the opening alone.
  useEffect(() => void send(true, { reason: '', allowNoFactor: false }), [changeId])

  const next = answer === null ? null : findNextUndoStep(answer)
  const submit = () => void send(next?.kind !== 'UNDO', { reason, allowNoFactor })
  return (
    <Dialog title={history.undoTitle} onClose={() => !isSending && onClose()}>
      <p>{kept !== null ? history.cameBack : history.undoLead}</p>
      <UndoAnswer
        answer={answer}
        isSending={isSending}
        onPreview={() => void send(true, { reason, allowNoFactor })}
        onLookAgain={onLookAgain}
        onStepUp={wish => void session.signInAgain(wish)}
      />
      <form
        class="undo-form"
        onSubmit={event => {
          event.preventDefault()
          if (!isWriting) submit()
        }}
      >
        {next !== null && next.kind !== 'NONE' && (
          <ReasonField
            value={reason}
            isAgain={kept?.hadReason === true}
            isRequired={next.kind === 'PREVIEW' && next.needs === 'REASON'}
            onInput={setReason}
          />
        )}
        {(allowNoFactor || (next?.kind === 'PREVIEW' && next.needs === 'NO_FACTOR')) && (
          <CheckField label={changes.allowNoFactor} isChecked={allowNoFactor} onChange={setAllowNoFactor} />
        )}
        <div class="buttons">
          <Button onClick={() => !isSending && onClose()}>{common.cancel}</Button>
          {next !== null && next.kind !== 'NONE' && (
            <Button type="submit" kind={next.kind === 'UNDO' ? 'danger' : 'main'} isBusy={isWriting}>
              {isSending ? history.applying : next.kind === 'UNDO' ? history.apply : changes.previewAgain}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  )
}
