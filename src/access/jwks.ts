import { errors, type JWTVerifyGetKey } from 'jose'
import type { Logger } from 'pino'
import { createJwksLoader, type FindKey } from './load-jwks.ts'

export interface JwksTiming {
  /** From one good load to the next. */
  readonly reloadMs: number
  /** From a failed load to the next. */
  readonly retryMs: number
  /** How long keys are used after the last good load began. */
  readonly staleAfterMs: number
  /** Between two loads that an unknown key id caused. */
  readonly cooldownMs: number
  /** The longest wait for one load. */
  readonly timeoutMs: number
}

export interface JwksOptions {
  readonly url: string
  readonly log: Logger
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly timing?: Partial<JwksTiming>
}

export interface Jwks {
  /** For jose. Rejects with JwksUnavailableError when there are no keys to look in, else as jose's own sets do. */
  readonly getKey: JWTVerifyGetKey
  isReady(): boolean
  /** Counts the good loads. */
  readonly version: number
  close(): Promise<void>
}

/** There are no keys, so no token can be judged. */
export class JwksUnavailableError extends Error {
  override readonly name = 'JwksUnavailableError'
}

export const JWKS_TIMING: JwksTiming = {
  reloadMs: 10 * 60_000,
  retryMs: 5_000,
  staleAfterMs: 12 * 60 * 60_000,
  cooldownMs: 30_000,
  timeoutMs: 5_000,
}

/**
 * The issuer's keys, loaded at once and then again and again. jose's own remote set refuses good tokens once the
 * issuer is down and its cache is old; here keys that are known keep working through an outage of `staleAfterMs`.
 * One load is under way at a time, however many calls wait for it. A key id that is not known causes a load, one
 * in `cooldownMs`, so that a new key works at once and made-up ids do not become requests to the issuer.
 */
export function createJwks({ url, log, now, timing }: JwksOptions): Jwks {
  const { reloadMs, retryMs, staleAfterMs, cooldownMs, timeoutMs } = { ...JWKS_TIMING, ...timing }
  const loader = createJwksLoader(url, timeoutMs)
  let known: { readonly findKey: FindKey; readonly loadedAtMs: number } | null = null
  let failedAtMs: number | null = null
  let unknownIdAtMs: number | null = null
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
    const loaded = await loader.load()
    if (isClosed) return
    if (loaded.ok) {
      version++
      known = { findKey: loaded.findKey, loadedAtMs: startedAtMs }
      if (failedAtMs !== null) log.info('keys of the issuer loaded again')
      failedAtMs = null
    } else {
      // One line for an outage; the attempts after the first are for those who look closer.
      log[failedAtMs === null ? 'warn' : 'debug']({ reason: loaded.reason }, 'no keys from the issuer')
      failedAtMs = now()
    }
    timer = setTimeout(() => void load(), loaded.ok ? reloadMs : retryMs).unref()
  }

  function findKnown(): FindKey | null {
    return known !== null && now() - known.loadedAtMs < staleAfterMs ? known.findKey : null
  }

  /** True, too, after the clock was set back. */
  function hasPassed(sinceMs: number | null, ms: number): boolean {
    return sinceMs === null || now() < sinceMs || now() - sinceMs >= ms
  }

  async function findLoaded(): Promise<FindKey> {
    // A process that was asleep has old keys and a timer that has not noticed.
    if (findKnown() === null && !isClosed && (pending !== null || hasPassed(failedAtMs, retryMs)))
      await load()
    const findKey = findKnown()
    if (findKey === null) throw new JwksUnavailableError()
    return findKey
  }

  async function loadForUnknownId(): Promise<void> {
    if (pending === null) {
      if (isClosed || !hasPassed(unknownIdAtMs, cooldownMs)) return
      unknownIdAtMs = now()
    }
    await load()
  }

  void load()

  return {
    async getKey(header, token) {
      const findKey = await findLoaded()
      try {
        return await findKey(header, token)
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
        await loadForUnknownId()
        return (findKnown() ?? findKey)(header, token)
      }
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
