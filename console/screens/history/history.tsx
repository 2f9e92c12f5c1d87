import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { Button } from '../../parts/button.tsx'
import { GoneNote } from '../../parts/gone-note.tsx'
import { MissingRight } from '../../parts/missing-right.tsx'
import { useSession } from '../../session/session-context.ts'
import { useViewer } from '../../session/viewer.tsx'
import { type CameBack, NOTHING, takeWaiting } from '../../session/waiting.ts'
import { useScreenTexts } from '../../texts/texts.ts'
import { HistoryList } from './history-list.tsx'
import { isPendingUndo, type PendingUndo, toUndoTarget } from './pending-undo.ts'
import { UndoDialog } from './undo-dialog.tsx'
import { type Done, UndoDone } from './undo-done.tsx'
import { useHistory } from './use-history.ts'

export interface HistoryProps {
  /** GenAuth's own id of the person. */
  readonly userId: string
  /** When the person was changed last as far as the screen knows. Whenever it differs, the history is read again. */
  readonly changedAtMs: number | null
  /** Called if an undo may have changed the person, so that the screen reads the person again. */
  readonly onChanged: () => void
}

interface Undoing {
  readonly changeId: string
  /** The undo that waited for a sign-in. `null` if this one did not. */
  readonly kept: CameBack<PendingUndo> | null
}

/**
 * The history of the factors of one person. It is read when the person at the page opens it, because it costs more
 * calls to GenAuth than the rest of the screen. An undo that waited for a sign-in comes back here.
 */
export function History(props: HistoryProps) {
  return <Section key={props.userId} {...props} />
}

function Section({ userId, changedAtMs, onChanged }: HistoryProps) {
  const { history } = useScreenTexts()
  const { subject } = useSession()
  const { maySeeHistory } = useViewer()
  const [isOpen, setOpen] = useOpenInAddress()
  const [done, setDone] = useState<Done | null>(null)
  const [waited, setWaited] = useState(() => takeWaiting(toUndoTarget(userId), subject, isPendingUndo))
  const [undoing, setUndoing] = useState<Undoing | null>(
    waited.kind === 'CAME_BACK' ? { changeId: waited.wish.changeId, kept: waited } : null,
  )
  const read = useHistory(userId, isOpen && maySeeHistory, changedAtMs)

  function readAgain(): void {
    read.again()
    onChanged()
  }

  return (
    <section class="history" aria-labelledby="history-title">
      <h2 id="history-title">{history.title}</h2>
      <GoneNote waited={waited} texts={history.gone} />
      {done !== null && <UndoDone done={done} />}
      {maySeeHistory ? (
        <>
          <p>{history.lead}</p>
          <Button onClick={() => setOpen(!isOpen)}>{isOpen ? history.hide : history.show}</Button>
          {isOpen && (
            <HistoryList
              read={read}
              onUndo={changeId => {
                setDone(null)
                setWaited(NOTHING)
                setUndoing({ changeId, kept: null })
              }}
            />
          )}
        </>
      ) : (
        <MissingRight scope="mfa:audit" />
      )}
      {undoing !== null && (
        <UndoDialog
          userId={userId}
          changeId={undoing.changeId}
          kept={undoing.kept}
          onClose={() => setUndoing(null)}
          onLookAgain={() => {
            setUndoing(null)
            readAgain()
          }}
          onDone={made => {
            setUndoing(null)
            setDone(made)
            readAgain()
          }}
        />
      )}
    </section>
  )
}

/** Whether the section is open stands in the address, so that a link or the way back from a sign-in finds it so. */
function useOpenInAddress(): readonly [boolean, (isOpen: boolean) => void] {
  const { path, query, route } = useLocation()
  const isOpen = query['history'] === 'open'
  return [
    isOpen,
    next => {
      const params = new URLSearchParams(query)
      params.delete('history')
      if (next) params.set('history', 'open')
      route(params.size === 0 ? path : `${path}?${params}`, true)
    },
  ]
}
