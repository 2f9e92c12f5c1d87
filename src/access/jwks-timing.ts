/** When the issuer is asked for its keys. */
export interface JwksTiming {
  /** From one good load to the next, at most; the issuer's `cache-control` may ask for less. */
  readonly reloadMs: number
  /** The least that `cache-control` can bring that down to. */
  readonly minReloadMs: number
  /** From a failed load to the next. */
  readonly retryMs: number
  /** How long keys are used after the last good load began, while the issuer cannot be asked. */
  readonly staleAfterMs: number
  /** From one load that a token caused, by a key that is not known, to the next one. */
  readonly cooldownMs: number
  /** The longest wait for one load. */
  readonly timeoutMs: number
}

export const JWKS_TIMING: JwksTiming = {
  reloadMs: 5 * 60_000,
  minReloadMs: 30_000,
  retryMs: 5_000,
  staleAfterMs: 12 * 60 * 60_000,
  cooldownMs: 5_000,
  timeoutMs: 5_000,
}

/** From a good load to the next. `freshForS`: what the issuer says of it; null: nothing. */
export function toReloadMs(
  { reloadMs, minReloadMs }: Pick<JwksTiming, 'reloadMs' | 'minReloadMs'>,
  freshForS: number | null,
): number {
  return freshForS === null ? reloadMs : Math.min(reloadMs, Math.max(minReloadMs, freshForS * 1_000))
}
