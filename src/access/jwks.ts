import type { KeyObject } from 'node:crypto'
import type { Logger } from 'pino'
import type { Clock, Timer } from '../base/clock.ts'
import type { FindKeys, KeyHint } from './find-keys.ts'
import { JWKS_TIMING, type JwksTiming, toReloadMs } from './jwks-timing.ts'
import type { KeySource } from './key-address.ts'
import { createJwksLoader, type LoadedJwks } from './load-jwks.ts'

export interface JwksOptions {
  readonly source: KeySource
  /** By its `now`, which goes on while the machine sleeps. */
  readonly clock: Clock
  readonly log: Logger
  readonly timing?: Partial<JwksTiming>
}

export interface Jwks {
  /**
   * Returns the keys that may have signed a token with this header, or an empty list if none fits. Rejects with
   * JwksUnavailableError if no keys are loaded.
   */
  findKeys(hint: KeyHint): Promise<readonly KeyObject[]>
  /**
   * Loads the keys again for a token whose signature does not match the key that it names. The key may have been
   * replaced under its old name. Returns `true` if the keys have changed since `versionBefore`.
   */
  lookAgain(versionBefore: number): Promise<boolean>
  /** Asks the issuer now, however recently it was asked. Returns `false` if no usable document came. */
  reload(): Promise<boolean>
  isReady(): boolean
  /** Changes after each load that added or removed keys. */
  readonly version: number
  close(): Promise<void>
}

/** There are no keys, so no token can be verified. */
export class JwksUnavailableError extends Error {
  override readonly name = 'JwksUnavailableError'
}

/**
 * Creates the issuer's key set. It loads the keys immediately, and then again and again. One load is in flight at a
 * time, however many calls wait for it.
 *
 * Known keys keep working through an outage of `staleAfterMs`. The remote set of jose would refuse good tokens when the
 * issuer is down and its cache is old. If the issuer says twice in a row that it has no keys, it has withdrawn them
 * all.
 *
 * An unknown key causes a load, at most one in `cooldownMs`. A new key then works immediately, and made-up keys do not
 * become requests to the issuer. Within that time an unknown key moves the next load forward to the end of that time.
 * Made-up keys can therefore delay a new key no longer.
 */
export function createJwks({ source, clock, log, timing: changes }: JwksOptions): Jwks {
  const timing = { ...JWKS_TIMING, ...changes }
  const { retryMs, staleAfterMs, cooldownMs, timeoutMs } = timing
  const loader = createJwksLoader(source, timeoutMs)
  let known: { readonly findKeys: FindKeys; readonly loadedAtMs: number } | null = null
  let failedAtMs: number | null = null
  let saidNone = false
  /** The time of the last load that a token caused. `isAsked` says whether a token causes the next one, too. */
  let askedAtMs: number | null = null
  let isAsked = false
  let dueAtMs = clock.now()
  let pending: Promise<void> | null = null
  let timer: Timer | null = null
  let isClosed = false
  let version = 0

  function load(): Promise<void> {
    pending ??= loadOnce().finally(() => {
      pending = null
    })
    return pending
  }

  async function loadOnce(): Promise<void> {
    timer?.cancel()
    const startedAtMs = clock.now()
    if (isAsked) [isAsked, askedAtMs] = [false, startedAtMs]
    const loaded = await loader.load()
    if (isClosed) return
    if (loaded.kind === 'KEYS') keep(loaded, startedAtMs)
    else doWithout(loaded)
    schedule(loaded.kind === 'KEYS' ? toReloadMs(timing, loaded.freshForS) : retryMs)
  }

  function keep({ findKeys, ignored }: Extract<LoadedJwks, { kind: 'KEYS' }>, loadedAtMs: number): void {
    if (findKeys !== known?.findKeys) {
      version++
      if (ignored > 0) log.warn({ ignored }, 'the issuer publishes more keys than are read')
    }
    known = { findKeys, loadedAtMs }
    if (failedAtMs !== null) log.info('keys of the issuer loaded again')
    failedAtMs = null
    saidNone = false
  }

  function doWithout({ kind, reason }: Exclude<LoadedJwks, { kind: 'KEYS' }>): void {
    // An outage is one warning. Its later attempts are logged at level debug.
    log[failedAtMs === null ? 'warn' : 'debug']({ reason }, 'no keys from the issuer')
    failedAtMs = clock.now()
    if (kind === 'NONE' && saidNone && known !== null) {
      known = null
      version++
      log.warn('the issuer has withdrawn all of its keys')
    }
    saidNone = kind === 'NONE'
  }

  function schedule(afterMs: number): void {
    timer?.cancel()
    dueAtMs = clock.now() + afterMs
    timer = clock.after(afterMs, () => void load()).unref()
  }

  function findKnown(): FindKeys | null {
    return known !== null && clock.now() - known.loadedAtMs < staleAfterMs ? known.findKeys : null
  }

  /** Returns `true` also after the clock was set back. */
  function hasPassed(sinceMs: number | null, ms: number): boolean {
    return sinceMs === null || clock.now() < sinceMs || clock.now() - sinceMs >= ms
  }

  async function findLoaded(): Promise<FindKeys> {
    const findKeys = findKnown()
    // After a sleep, the process has old keys and a timer that has not fired.
    const isOverdue = pending === null && clock.now() - dueAtMs >= retryMs
    if (findKeys !== null && !isOverdue) return findKeys
    if (!isClosed && (pending !== null || hasPassed(failedAtMs, retryMs))) await load()
    const loaded = findKnown()
    if (loaded === null) throw new JwksUnavailableError()
    return loaded
  }

  async function loadForToken(): Promise<void> {
    if (isClosed) return
    if (pending !== null) return pending
    if (!hasPassed(askedAtMs, cooldownMs)) return bringForward()
    isAsked = true
    await load()
  }

  function bringForward(): void {
    const endsInMs = Math.max(0, (askedAtMs ?? clock.now()) + cooldownMs - clock.now())
    if (isClosed || isAsked || clock.now() + endsInMs >= dueAtMs) return
    isAsked = true
    schedule(endsInMs)
  }

  void load()

  return {
    async findKeys(hint) {
      const findKeys = await findLoaded()
      const known = findKeys(hint)
      if (known.length > 0) return known
      // The load in flight may have been answered before the key was there.
      const isJoining = pending !== null
      await loadForToken()
      const found = findKnown()?.(hint) ?? []
      if (isJoining && found.length === 0) bringForward()
      return found
    },
    async lookAgain(versionBefore) {
      if (version === versionBefore) await loadForToken()
      return version !== versionBefore
    },
    async reload() {
      // The load in flight may have been answered before this call.
      if (pending !== null) await pending
      if (!isClosed) await load()
      return failedAtMs === null
    },
    isReady: () => findKnown() !== null,
    get version() {
      return version
    },
    async close() {
      isClosed = true
      timer?.cancel()
      await loader.close()
      await pending
    },
  }
}
