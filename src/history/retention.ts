import { type Clock, every } from '../base/clock.ts'
import { StoreUnavailableError } from '../base/store-unavailable-error.ts'
import type { ChangeIndex } from './change-index.ts'

export interface RetentionOptions {
  readonly index: Pick<ChangeIndex, 'removeSomeBefore'>
  /** Changes are kept for this many days. */
  readonly days: number
  readonly isBehind: () => boolean
  readonly clock: Clock
}

const DAY_MS = 86_400_000
/** The parts are small, so that a file does not block the event loop for long. */
const EVERY_MS = 60_000
/** A part that removed something is followed by the next one so soon. */
const NEXT_MS = 100

/**
 * Removes changes that are too old, a part at a time, while the index is not behind. What cannot be removed now is
 * removed later.
 */
export function startRetention({ index, days, isBehind, clock }: RetentionOptions): { close(): void } {
  let isClosed = false
  let isRemoving = false

  async function remove(): Promise<void> {
    if (isRemoving || isClosed || isBehind()) return
    isRemoving = true
    try {
      const removed = await index.removeSomeBefore(clock.now() - days * DAY_MS)
      if (removed > 0 && !isClosed) clock.after(NEXT_MS, () => void remove()).unref()
    } catch (error) {
      // The log says already why the store cannot be used.
      if (!(error instanceof StoreUnavailableError)) throw error
    } finally {
      isRemoving = false
    }
  }

  const timer = every(clock, EVERY_MS, () => void remove()).unref()
  return {
    close() {
      isClosed = true
      timer.cancel()
    },
  }
}
