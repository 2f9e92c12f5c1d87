import type { KeyObject } from 'node:crypto'
import type { Logger } from 'pino'
import type { FindKeys, KeyHint } from './find-keys.ts'
import { JWKS_TIMING, type JwksTiming, toReloadMs } from './jwks-timing.ts'
import type { KeySource } from './key-address.ts'
import { createJwksLoader, type LoadedJwks } from './load-jwks.ts'

export interface JwksOptions {
  readonly source: KeySource
  readonly log: Logger
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly timing?: Partial<JwksTiming>
}

export interface Jwks {
  /**
   * The keys that may have signed a token with this header, none if no key fits. Rejects with JwksUnavailableError
   * when there are no keys to look in.
   */
  findKeys(hint: KeyHint): Promise<readonly KeyObject[]>
  /**
   * For a token that was judged by the keys of this version, and whose signature is not that of the key that it
   * names: the key may have been replaced under its old name. True: the keys are others by now.
   */
  lookAgain(versionBefore: number): Promise<boolean>
  /** Asks the issuer now, however lately it was asked. False: there was no usable answer. */
  reload(): Promise<boolean>
  isReady(): boolean
  /** Another one after each load that brought other keys or took them away. */
  readonly version: number
  close(): Promise<void>
}

/** There are no keys, so no token can be judged. */
export class JwksUnavailableError extends Error {
  override readonly name = 'JwksUnavailableError'
}

/**
 * The issuer's keys, loaded at once and then again and again. jose's own remote set refuses good tokens once the
 * issuer is down and its cache is old; here keys that are known keep working through an outage of `staleAfterMs`.
 * An issuer that says twice in a row that it has no keys has withdrawn them all. One load is under way at a time,
 * however many calls wait for it.
 *
 * A key that is not known causes a load, one in `cooldownMs`, so that a new key works at once and made-up ones do not
 * become requests to the issuer. In between it brings the next load forward to the end of that time: nobody can delay
 * a new key for longer by sending made-up ones.
 */
export function createJwks({ source, log, now, timing: changes }: JwksOptions): Jwks {
  const timing = { ...JWKS_TIMING, ...changes }
  const { retryMs, staleAfterMs, cooldownMs, timeoutMs } = timing
  const loader = createJwksLoader(source, timeoutMs)
  let known: { readonly findKeys: FindKeys; readonly loadedAtMs: number } | null = null
  let failedAtMs: number | null = null
  let saidNone = false
  /** When a token last caused a load, and whether one of them is to cause the next. */
  let askedAtMs: number | null = null
  let isAsked = false
  let dueAtMs = now()
  let pending: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  let version = 0

  function load(): Promise<void> {
    pending ??= loadOnce().finally(() => {
      pending = null
    })
    return pending
  }

  async function loadOnce(): Promise<void> {
    clearTimeout(timer)
    const startedAtMs = now()
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
    // One line for an outage; the attempts after the first are for those who look closer.
    log[failedAtMs === null ? 'warn' : 'debug']({ reason }, 'no keys from the issuer')
    failedAtMs = now()
    if (kind === 'NONE' && saidNone && known !== null) {
      known = null
      version++
      log.warn('the issuer has withdrawn all of its keys')
    }
    saidNone = kind === 'NONE'
  }

  function schedule(afterMs: number): void {
    clearTimeout(timer)
    dueAtMs = now() + afterMs
    timer = setTimeout(() => void load(), afterMs).unref()
  }

  function findKnown(): FindKeys | null {
    return known !== null && now() - known.loadedAtMs < staleAfterMs ? known.findKeys : null
  }

  /** True, too, after the clock was set back. */
  function hasPassed(sinceMs: number | null, ms: number): boolean {
    return sinceMs === null || now() < sinceMs || now() - sinceMs >= ms
  }

  async function findLoaded(): Promise<FindKeys> {
    const findKeys = findKnown()
    // A process that was asleep has old keys and a timer that has not noticed.
    const isOverdue = pending === null && now() - dueAtMs >= retryMs
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
    const endsInMs = Math.max(0, (askedAtMs ?? now()) + cooldownMs - now())
    if (isClosed || isAsked || now() + endsInMs >= dueAtMs) return
    isAsked = true
    schedule(endsInMs)
  }

  void load()

  return {
    async findKeys(hint) {
      const findKeys = await findLoaded()
      const known = findKeys(hint)
      if (known.length > 0) return known
      // What is under way may have been answered before the key was there.
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
      // What is under way may have been answered before somebody wanted this.
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
      clearTimeout(timer)
      await loader.close()
      await pending
    },
  }
}
