import { useEffect, useRef } from 'preact/hooks'
import { announce } from '../../parts/live-region.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'
import { Time } from '../../parts/time.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import { toWords } from '../../texts/to-words.ts'
import { CancelScan } from './cancel-scan.tsx'
import type { Scan } from './coverage-types.ts'
import { useNumbers } from './use-numbers.ts'

/** The least time between two messages to readers of screens. */
const SAY_MS = 10_000

/** How far a scan has come. */
export function ScanProgress({ scan, onCancelled }: { scan: Scan; onCancelled: () => void }) {
  const { common, coverage } = useScreenTexts()
  const { toNumber } = useNumbers()
  const { id, status, seen, expected, estimatedFinishAt } = scan
  const text =
    expected === null
      ? coverage.progressSome(toNumber(seen))
      : coverage.progressOf(toNumber(seen), toNumber(expected))
  const saidAtMs = useRef(performance.now())
  useEffect(() => {
    const nowMs = performance.now()
    if (nowMs - saidAtMs.current < SAY_MS) return
    saidAtMs.current = nowMs
    announce(text)
  }, [text])
  return (
    <section class="scan-progress" data-scan={id}>
      <h2>
        {coverage.progress} <StatusBadge tone="neutral">{toWords(coverage.statuses, status)}</StatusBadge>
      </h2>
      {expected === null ? (
        <progress aria-label={coverage.progress} />
      ) : (
        <progress
          aria-label={coverage.progress}
          max={Math.max(1, expected)}
          value={Math.min(seen, expected)}
        />
      )}
      <p>
        {text}
        {estimatedFinishAt !== null && (
          <>
            {' '}
            {coverage.endsAt}
            {common.gap}
            <Time at={estimatedFinishAt} isAgeShown={false} />
          </>
        )}
      </p>
      <CancelScan scanId={id} onDone={onCancelled} />
    </section>
  )
}
