import { useState } from 'preact/hooks'
import type { RequestFailure } from '../../api/request-failure.ts'
import { isMfaFailure, type MfaFailure } from '../../api/tell-failure.ts'
import { useWrite } from '../../api/use-write.ts'
import { CancelScanDocument } from '../../generated/documents.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { MfaFailureNote, RequestFailureNote } from '../../parts/failure-note.tsx'
import { useScreenTexts } from '../../texts/texts.ts'

export interface CancelScanProps {
  readonly scanId: string
  /** Looks at the scans again. */
  readonly onDone: () => void
}

/** Asks once more, and cancels a scan. */
export function CancelScan({ scanId, onDone }: CancelScanProps) {
  const { coverage } = useScreenTexts()
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button onClick={() => setOpen(true)}>{coverage.cancelScan}</Button>
      {isOpen && (
        <CancelDialog
          scanId={scanId}
          onClose={() => setOpen(false)}
          onDone={() => {
            setOpen(false)
            onDone()
          }}
        />
      )}
    </>
  )
}

/** It is gone once it is closed, so that a result that comes later is told by the frame of the page. */
function CancelDialog({ scanId, onClose, onDone }: CancelScanProps & { onClose: () => void }) {
  const { coverage } = useScreenTexts()
  const { run, isWriting } = useWrite(CancelScanDocument)
  const [failed, setFailed] = useState<RequestFailure | null>(null)
  const [refused, setRefused] = useState<MfaFailure | null>(null)
  async function cancel(): Promise<void> {
    setFailed(null)
    setRefused(null)
    const result = await run({ input: { id: scanId } }, { kind: 'CANCEL_SCAN', who: null })
    if (result === null) return
    if (result.kind === 'FAILED') return setFailed(result.failure)
    const { cancelMfaCoverageScan: payload } = result.data
    if (isMfaFailure(payload)) setRefused(payload)
    else onDone()
  }
  return (
    <Dialog title={coverage.cancelAsk} onClose={onClose}>
      <p>{coverage.cancelHelp}</p>
      {failed !== null && <RequestFailureNote failure={failed} isChange onAgain={onDone} />}
      {refused !== null && <MfaFailureNote failure={refused} onAgain={onDone} />}
      <div class="buttons">
        <Button kind="danger" isBusy={isWriting} onClick={() => void cancel()}>
          {coverage.cancelScan}
        </Button>
        <Button onClick={onClose}>{coverage.keepOn}</Button>
      </div>
    </Dialog>
  )
}
