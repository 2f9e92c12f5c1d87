import { useTexts } from '../texts/texts.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

/** Asks before something leads away from a draft. */
export function LeaveDialog({ onStay, onLeave }: { onStay: () => void; onLeave: () => void }) {
  const { common } = useTexts()
  return (
    <Dialog title={common.leaveTitle} onClose={onStay}>
      <p>{common.leaveHelp}</p>
      <div class="buttons">
        <Button kind="main" onClick={onStay}>
          {common.stay}
        </Button>
        <Button
          kind="danger"
          onClick={() => {
            onStay()
            onLeave()
          }}
        >
          {common.leave}
        </Button>
      </div>
    </Dialog>
  )
}
