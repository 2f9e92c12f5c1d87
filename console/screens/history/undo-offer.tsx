import { useState } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { MissingRight } from '../../parts/missing-right.tsx'
import { useViewer } from '../../session/viewer.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import type { HistoryProps } from './history.tsx'
import { UndoDialog } from './undo-dialog.tsx'
import type { Done } from './undo-done.tsx'

export interface UndoOfferProps extends Pick<HistoryProps, 'userId' | 'onChanged'> {
  /** The id of the change that has just been made. */
  readonly changeId: string
  /** Called with an undo that was made, before `onChanged`. */
  readonly onDone: (done: Done) => void
}

/** Offers to take back a change that has just been made. It needs no right to see the history. */
export function UndoOffer({ userId, changeId, onDone, onChanged }: UndoOfferProps) {
  const { history } = useScreenTexts()
  const { mayWrite } = useViewer()
  const [isOpen, setOpen] = useState(false)
  if (!mayWrite) return <MissingRight scope="mfa:write" />
  return (
    <>
      <Button onClick={() => setOpen(true)}>{history.offer}</Button>
      {isOpen && (
        <UndoDialog
          userId={userId}
          changeId={changeId}
          kept={null}
          onClose={() => setOpen(false)}
          onLookAgain={() => {
            setOpen(false)
            onChanged()
          }}
          onDone={made => {
            setOpen(false)
            onDone(made)
            onChanged()
          }}
        />
      )}
    </>
  )
}
