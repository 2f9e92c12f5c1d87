import { useEffect, useRef } from 'preact/hooks'
import type { RequestFailure } from '../../api/request-failure.ts'
import { useRead } from '../../api/use-read.ts'
import { ListScansDocument } from '../../generated/documents.ts'
import { hasEnded, type Scan } from './coverage-types.ts'
import { useRunningScan } from './use-running-scan.ts'

export interface Scans {
  readonly scans: readonly Scan[]
  /** The scan that runs or waits, as far as it has come. `null` if there is none. */
  readonly running: Scan | null
  /** Why they could not be read. The scans of before stay. */
  readonly failure: RequestFailure | null
  /** Reads the scans again. */
  again(): void
  /** Reads the scans again, and tells the end of this scan, too. */
  follow(scan: Scan): void
}

/**
 * Reads which scans there are, and follows the one that runs.
 *
 * @param onEnded called once with each scan whose end is seen
 */
export function useScans(onEnded: (scan: Scan) => void): Scans {
  const { reading, again } = useRead(ListScansDocument, {})
  const payload = reading.kind === 'READ' ? reading.data.mfaCoverageScans : null
  const last = useRef(NONE)
  if (payload?.__typename === 'MfaCoverageScans') last.current = payload.scans
  const scans = last.current
  const underWay = scans.filter(scan => hasEnded(scan) === false)
  const listed = underWay.find(({ status }) => status === 'RUNNING') ?? underWay[0] ?? null
  const running = useRunningScan(listed, again)

  const followed = useRef<string | null>(null)
  const tellEnd = useRef(onEnded)
  tellEnd.current = onEnded
  useEffect(() => {
    const ended = scans.find(scan => scan.id === followed.current && hasEnded(scan))
    if (ended !== undefined) {
      followed.current = null
      tellEnd.current(ended)
    }
    followed.current ??= listed?.id ?? null
  }, [scans, listed?.id])

  return {
    scans: scans.map(scan => (running?.id === scan.id ? running : scan)),
    running,
    failure: reading.kind === 'FAILED' ? reading.failure : null,
    again,
    follow(scan) {
      followed.current = scan.id
      again()
    },
  }
}

const NONE: readonly Scan[] = []
