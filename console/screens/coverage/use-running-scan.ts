import { useEffect, useRef, useState } from 'preact/hooks'
import { useApi } from '../../api/api-context.ts'
import { WatchScanDocument } from '../../generated/documents.ts'
import { useSession } from '../../session/session-context.ts'
import { hasEnded, type Scan } from './coverage-types.ts'

/** How often the screen looks again where no event comes. */
const LOOK_MS = 10_000

/**
 * Follows a scan that waits or runs. Events come at most once a second. The scan may stand still, or the
 * stream may be broken. After ten seconds without an event, it asks for another look, and opens a stream that is over
 * again.
 *
 * @param listed the scan as it was read last, or `null` if none is under way
 * @param lookAgain reads it again
 * @returns the newest that is known of the scan
 */
export function useRunningScan(listed: Scan | null, lookAgain: () => void): Scan | null {
  const api = useApi()
  const session = useSession()
  const [event, setEvent] = useState<Scan | null>(null)
  const [round, setRound] = useState(0)
  const look = useRef(lookAgain)
  look.current = lookAgain
  const id = listed?.id ?? null

  useEffect(() => {
    if (id === null) return
    let isOver = false
    let heardAtMs = performance.now()
    const stop = api.subscribe(
      WatchScanDocument,
      { id },
      {
        onEvent({ mfaCoverageScanProgress: scan }) {
          heardAtMs = performance.now()
          setEvent(scan)
          if (hasEnded(scan) !== false) look.current()
        },
        onEnd() {
          isOver = true
          setEvent(null)
        },
      },
    )
    const timer = setInterval(() => {
      if (performance.now() - heardAtMs < LOOK_MS) return
      look.current()
      if (isOver && session.authorization() !== null) setRound(count => count + 1)
    }, LOOK_MS)
    return () => {
      stop()
      clearInterval(timer)
    }
  }, [api, session, id, round])

  return event !== null && event.id === id ? event : listed
}
