import type { ChangeFeed } from './change-feed.ts'
import { EventQueue } from './event-queue.ts'
import type { LiveChange } from './live-change.ts'
import type { ScanWatch } from './scan-watch.ts'

/** Changes and scans, as they happen from now on. */
export interface Live {
  /**
   * Returns the changes from now on. Nothing that was published before the call is in it.
   *
   * @param pick returns the event of a change, or `null` for a change that the reader does not want
   */
  changes<T>(pick: (change: LiveChange) => T | null): AsyncIterable<T>
  /** `null` if there is no store. */
  readonly scans: ScanWatch | null
}

export function createLive(feed: Pick<ChangeFeed, 'subscribe'>, scans: ScanWatch | null): Live {
  return {
    scans,
    changes<T>(pick: (change: LiveChange) => T | null) {
      const queue = new EventQueue<T>(() => unsubscribe())
      const unsubscribe = feed.subscribe(change => {
        const event = pick(change)
        if (event !== null) queue.push(event)
      })
      return queue
    },
  }
}
