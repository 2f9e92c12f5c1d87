import { useState } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { RequestFailureNote } from '../../parts/failure-note.tsx'
import { announce } from '../../parts/live-region.tsx'
import { useSession } from '../../session/session-context.ts'
import { useScreenTexts } from '../../texts/texts.ts'
import { type ExportFormat, type Saved, saveExport } from './save-export.ts'

/** Saves all rows of the scan as a file. */
export function Download({ scanId }: { scanId: string }) {
  const { coverage } = useScreenTexts()
  const session = useSession()
  const [format, setFormat] = useState<ExportFormat | null>(null)
  const [saved, setSaved] = useState<Saved | null>(null)
  const start = async (wanted: ExportFormat) => {
    if (format !== null) return
    setFormat(wanted)
    setSaved(null)
    const result = await saveExport(session, scanId, wanted)
    setFormat(null)
    setSaved(result)
    if (result.kind === 'SAVED') announce(coverage.saved(result.fileName), 'assertive')
  }
  return (
    <section>
      <h2>{coverage.download}</h2>
      <p class="help">{coverage.downloadHelp}</p>
      <div class="buttons">
        <Button isBusy={format === 'csv'} onClick={() => void start('csv')}>
          {coverage.csv}
        </Button>
        <Button isBusy={format === 'jsonl'} onClick={() => void start('jsonl')}>
          {coverage.jsonl}
        </Button>
      </div>
      {saved?.kind === 'SAVED' && <p class="help">{coverage.saved(saved.fileName)}</p>}
      {saved?.kind === 'FAILED' && <RequestFailureNote failure={saved.failure} />}
    </section>
  )
}
