import type { Clock } from './base/clock.ts'
import type { Config } from './config/config.ts'
import type { EventLoopLag } from './http/event-loop-lag.ts'
import type { JournalHost } from './journal/journal-target.ts'

/** What the process lends, since only `main.ts` and `cli/` touch it. */
export interface Host extends JournalHost {
  /** The configuration from the same environment, with what the files of secrets hold now. */
  readonly reloadConfig: () => Config
  /** Called when the server listens. Until `createApp` resolves, `/ready` says `JOURNAL`, and writes are refused. */
  readonly onListening?: (app: App) => void
  /** Aborted when the start is to be abandoned. After `onListening` that is what `close` does. */
  readonly stop?: AbortSignal
}

/** Parts that a test puts in the place of the real ones. */
export interface AppOverrides {
  readonly clock?: Clock
  readonly eventLoopLag?: EventLoopLag
  /** For work that is done later in the background. Unset: `clock`. */
  readonly backgroundClock?: Clock
}

/** The running product. `close` stops it in order: no new requests, the last responses, the journal, the upstream. */
export interface App extends AsyncDisposable {
  /** Where `/graphql` and `/health` are. */
  readonly url: string
  /** Where the embedded GenAuth stand-in listens. `null` when a real GenAuth is used. */
  readonly sandboxUrl: string | null
  /** Where `/metrics` is. `null` when there are none. */
  readonly metricsUrl: string | null
  /** Whether the journal waits for its disk, or did so when the process stopped. */
  isHeldUp(): boolean
  /** From now on `/ready` says no and each response ends its connection. Requests are still served until `close`. */
  stopReceiving(): void
  /** Goes on with the secrets and the issuer's keys of now, or says in the log why it does not. Never throws. */
  rereadSecrets(): Promise<void>
  /** Seals the journal's open file and goes on in a new one, or says in the log why it does not. Never throws. */
  beginSegment(): Promise<void>
  close(): Promise<void>
}
