import { useState } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { RequestFailureNote } from '../../parts/failure-note.tsx'
import { announce } from '../../parts/live-region.tsx'
import { useSession } from '../../session/session-context.ts'
import { useScreenTexts } from '../../texts/texts.ts'
import { isFiltered, toCoverageFilter } from './filters.ts'
import { type ExportFormat, type Saved, saveExport } from './save-export.ts'
import { useAddress } from './use-address.ts'
import { useNumbers } from './use-numbers.ts'

export interface DownloadProps {
  readonly scanId: string
  /** How many rows fit the filters. `null` while that is not known. */
  readonly count: number | null
}

/** Saves the rows that fit the filters as a file. */
export function Download({ scanId, count }: DownloadProps) {
  const { common, coverage } = useScreenTexts()
  const { toNumber } = useNumbers()
  const { filters } = useAddress()
  const session = useSession()
  const [format, setFormat] = useState<ExportFormat | null>(null)
  const [saved, setSaved] = useState<Saved | null>(null)
  const start = async (wanted: ExportFormat) => {
    if (format !== null) return
    setFormat(wanted)
    setSaved(null)
    const result = await saveExport(session, { scanId, filter: toCoverageFilter(filters), format: wanted })
    setFormat(null)
    setSaved(result)
    if (result.kind === 'SAVED') announce(coverage.saved(result.fileName), 'assertive')
  }
  return (
    <section aria-label={coverage.download}>
      <div class="buttons">
        <Button isBusy={format === 'csv'} onClick={() => void start('csv')}>
          {coverage.csv}
        </Button>
        <Button isBusy={format === 'jsonl'} onClick={() => void start('jsonl')}>
          {coverage.jsonl}
        </Button>
      </div>
      <p class="help">
        {count !== null &&
          (isFiltered(filters) ? coverage.downloadSome : coverage.downloadAll)(toNumber(count)) + common.gap}
        {coverage.downloadHelp}
      </p>
      {saved?.kind === 'SAVED' && <p class="help">{coverage.saved(saved.fileName)}</p>}
      {saved?.kind === 'FAILED' && <RequestFailureNote failure={saved.failure} />}
    </section>
  )
}
