import { type Clock, every, type Timer } from '../base/clock.ts'
import type { Scan, ScanStatus } from '../coverage/scan.ts'
import type { ScanStore } from '../coverage/scan-store.ts'
import { EventQueue } from './event-queue.ts'

/** The scans that somebody watches. */
export interface ScanWatch {
  /**
   * Returns a scan as it is, and then as it is after each change, at most once a second. It ends with the scan, or when
   * the scan is removed.
   */
  watch(scan: Scan): AsyncIterable<Scan>
}

export interface ScanWatchOptions {
  readonly scans: Pick<ScanStore, 'find'>
  readonly clock: Clock
}

interface Watched {
  readonly queues: Set<EventQueue<Scan>>
  readonly timer: Timer
  /** The scan as it was told last. */
  latest: string
  isBeingRead: boolean
}

const LOOK_EVERY_MS = 1_000

const HAS_ENDED: Readonly<Record<ScanStatus, boolean>> = {
  QUEUED: false,
  RUNNING: false,
  PAUSED: false,
  SUCCEEDED: true,
  FAILED: true,
  CANCELLED: true,
}

/**
 * Looks into the store once a second for each watched scan, whoever runs it and however many watch. While the store
 * cannot be used, nothing is told.
 */
export function createScanWatch({ scans, clock }: ScanWatchOptions): ScanWatch {
  const watched = new Map<string, Watched>()

  function begin(scan: Scan): Watched {
    const one: Watched = {
      queues: new Set(),
      timer: every(clock, LOOK_EVERY_MS, () => void look(scan.id, one)).unref(),
      latest: JSON.stringify(scan),
      isBeingRead: false,
    }
    watched.set(scan.id, one)
    return one
  }

  async function look(id: string, one: Watched): Promise<void> {
    if (one.isBeingRead) return
    one.isBeingRead = true
    try {
      tell(one, await scans.find(id))
    } catch {
      // The next look may find the store again.
    } finally {
      one.isBeingRead = false
    }
  }

  function tell(one: Watched, scan: Scan | null): void {
    const text = JSON.stringify(scan)
    if (text === one.latest) return
    one.latest = text
    for (const queue of [...one.queues]) {
      if (scan !== null) queue.push(scan)
      if (scan === null || HAS_ENDED[scan.status]) queue.finish()
    }
  }

  function forget(id: string, one: Watched, queue: EventQueue<Scan>): void {
    one.queues.delete(queue)
    if (one.queues.size > 0) return
    one.timer.cancel()
    watched.delete(id)
  }

  return {
    watch(scan) {
      const one = watched.get(scan.id) ?? begin(scan)
      const queue = new EventQueue<Scan>(() => forget(scan.id, one, queue))
      one.queues.add(queue)
      queue.push(scan)
      if (HAS_ENDED[scan.status]) queue.finish()
      return queue
    },
  }
}
