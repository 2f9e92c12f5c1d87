import type { Clock } from '../base/clock.ts'
import type { Events } from '../base/events.ts'
import type { DurableListener } from '../journal/chain-writer.ts'
import type { JournalEvents } from '../journal/journal-events.ts'
import { ChangeFeed } from './change-feed.ts'
import { toLateChange } from './to-late-change.ts'
import { toLiveChange } from './to-live-change.ts'

export interface StartFeedOptions {
  readonly events: Pick<Events<JournalEvents>, 'on'>
  readonly journal: { onDurable(listener: DurableListener): void }
  readonly clock: Clock
}

/**
 * Starts the feed of this process. A change is published when its outcome is on record, as far as the disk allows. It
 * must be called before the journal is opened.
 */
export function startFeed({ events, journal, clock }: StartFeedOptions): ChangeFeed {
  const feed = new ChangeFeed()
  events.on('journalOutcome', ({ intent, outcome }) => {
    const change = toLiveChange(intent, outcome, clock.now())
    if (change !== null) feed.publish(change)
  })
  journal.onDurable(({ records }) => {
    for (const record of records) {
      const change = toLateChange(record, clock.now())
      if (change !== null) feed.publish(change)
    }
  })
  return feed
}
