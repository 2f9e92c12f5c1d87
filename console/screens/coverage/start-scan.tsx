import { useState } from 'preact/hooks'
import type { RequestFailure } from '../../api/request-failure.ts'
import { isMfaFailure, type MfaFailure } from '../../api/tell-failure.ts'
import { useWrite } from '../../api/use-write.ts'
import { StartScanDocument } from '../../generated/documents.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { MfaFailureNote, RequestFailureNote } from '../../parts/failure-note.tsx'
import { SelectField } from '../../parts/field.tsx'
import { announce } from '../../parts/live-region.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import type { Scan } from './coverage-types.ts'

const DEPTHS = ['ACTIVITY', 'BINDINGS', 'FULL'] as const satisfies readonly Scan['depth'][]

type Refusal =
  | { readonly kind: 'REQUEST'; readonly failure: RequestFailure }
  | { readonly kind: 'MFA'; readonly failure: MfaFailure }

export interface StartScanProps {
  /** Called with the scan that runs now. It may be one that ran already. */
  readonly onStarted: (scan: Scan) => void
  /** Looks whether a scan runs, after a start whose outcome is unknown. */
  readonly onLookAgain: () => void
}

/** Asks how deep, and starts a scan of every active user. */
export function StartScan({ onStarted, onLookAgain }: StartScanProps) {
  const { coverage } = useScreenTexts()
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button kind="main" onClick={() => setOpen(true)}>
        {coverage.start}
      </Button>
      {isOpen && (
        <StartDialog
          onClose={() => setOpen(false)}
          onStarted={scan => {
            setOpen(false)
            onStarted(scan)
          }}
          onLookAgain={() => {
            setOpen(false)
            onLookAgain()
          }}
        />
      )}
    </>
  )
}

function StartDialog({ onClose, onStarted, onLookAgain }: StartScanProps & { onClose: () => void }) {
  const { common, coverage } = useScreenTexts()
  const { run, isWriting } = useWrite(StartScanDocument)
  const [depth, setDepth] = useState<Scan['depth']>('BINDINGS')
  const [refusal, setRefusal] = useState<Refusal | null>(null)

  async function start(): Promise<void> {
    setRefusal(null)
    const result = await run({ input: { depth } }, { kind: 'START_SCAN', who: null })
    if (result === null) return
    if (result.kind === 'FAILED') {
      setRefusal({ kind: 'REQUEST', failure: result.failure })
      return
    }
    const { startMfaCoverageScan: payload } = result.data
    if (isMfaFailure(payload)) setRefusal({ kind: 'MFA', failure: payload })
    if (payload.__typename !== 'StartMfaCoverageScanSuccess') return
    announce(payload.started ? coverage.started : coverage.notStarted, 'assertive')
    onStarted(payload.scan)
  }

  return (
    <Dialog title={coverage.start} onClose={onClose}>
      <form
        onSubmit={event => {
          event.preventDefault()
          if (!isWriting) void start()
        }}
      >
        <p>{coverage.startHelp}</p>
        <SelectField
          label={coverage.depth}
          help={coverage.depthHelp[depth]}
          value={depth}
          options={DEPTHS.map(value => ({ value, label: coverage.depths[value] }))}
          onChange={setDepth}
        />
        {refusal?.kind === 'REQUEST' && (
          <RequestFailureNote failure={refusal.failure} isChange onAgain={onLookAgain} />
        )}
        {refusal?.kind === 'MFA' && <MfaFailureNote failure={refusal.failure} onAgain={() => void start()} />}
        <div class="buttons">
          <Button type="submit" kind="main" isBusy={isWriting}>
            {coverage.start}
          </Button>
          <Button onClick={onClose}>{common.cancel}</Button>
        </div>
      </form>
    </Dialog>
  )
}
