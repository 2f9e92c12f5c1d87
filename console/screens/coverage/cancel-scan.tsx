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
  const { run, isWriting } = useWrite(CancelScanDocument)
  const [isOpen, setOpen] = useState(false)
  const [failed, setFailed] = useState<RequestFailure | null>(null)
  const [refused, setRefused] = useState<MfaFailure | null>(null)
  const close = () => {
    setOpen(false)
    setFailed(null)
    setRefused(null)
  }
  const lookAgain = () => {
    close()
    onDone()
  }
  async function cancel(): Promise<void> {
    setFailed(null)
    setRefused(null)
    const result = await run({ input: { id: scanId } })
    if (result === null) return
    if (result.kind === 'FAILED') return setFailed(result.failure)
    const { cancelMfaCoverageScan: payload } = result.data
    if (isMfaFailure(payload)) setRefused(payload)
    else lookAgain()
  }
  return (
    <>
      <Button onClick={() => setOpen(true)}>{coverage.cancelScan}</Button>
      {isOpen && (
        <Dialog title={coverage.cancelAsk} onClose={close}>
          <p>{coverage.cancelHelp}</p>
          {failed !== null && <RequestFailureNote failure={failed} isChange onAgain={lookAgain} />}
          {refused !== null && <MfaFailureNote failure={refused} onAgain={lookAgain} />}
          <div class="buttons">
            <Button kind="danger" isBusy={isWriting} onClick={() => void cancel()}>
              {coverage.cancelScan}
            </Button>
            <Button onClick={close}>{coverage.keepOn}</Button>
          </div>
        </Dialog>
      )}
    </>
  )
}
