import type { Clock } from './base/clock.ts'
import type { Config } from './config/config.ts'
import type { EventLoopLag } from './http/event-loop-lag.ts'
import type { JournalHost } from './journal/journal-target.ts'

/** The things of the process that the app may use. Only `main.ts` and `cli/` touch the process itself. */
export interface Host extends JournalHost {
  /** The configuration from the same environment, with what the files of secrets hold now. */
  readonly reloadConfig: () => Config
  /**
   * The app calls it when the server listens. Until `createApp` resolves, `/ready` names `JOURNAL`, and writes are
   * refused.
   */
  readonly onListening?: (app: App) => void
  /** Aborted when the start must stop. After `onListening`, `close` stops the app instead. */
  readonly stop?: AbortSignal
}

/** Parts that a test puts in the place of the real ones. */
export interface AppOverrides {
  readonly clock?: Clock
  readonly eventLoopLag?: EventLoopLag
  /** The clock for later work in the background. The default is `clock`. */
  readonly backgroundClock?: Clock
}

/** The running product. `close` stops it in order: no new requests, the last responses, the journal, the upstream. */
export interface App extends AsyncDisposable {
  /** The URL under which `/graphql` and `/health` are served. */
  readonly url: string
  /** The URL of the embedded GenAuth stand-in. `null` if a real GenAuth is used. */
  readonly sandboxUrl: string | null
  /** The URL of `/metrics`. `null` if there are no metrics. */
  readonly metricsUrl: string | null
  /** Returns `true` if the journal waits for its disk, or did so when the process stopped. */
  isHeldUp(): boolean
  /** From now on `/ready` fails, and each response ends its connection. Requests are still served until `close`. */
  stopReceiving(): void
  /**
   * Reads the secrets and the issuer's keys again and continues with them. If it keeps an old one, the log says why.
   * It never rejects.
   */
  rereadSecrets(): Promise<void>
  /** Seals the journal's open file and continues in a new one. If it cannot, the log says why. It never rejects. */
  beginSegment(): Promise<void>
  close(): Promise<void>
}
