/** The share of a limit that one replica may use by itself while Redis is lost. */
export interface FallbackQuota {
  /** Notes how many replicas Redis last saw alive. */
  saw(replicas: number): void
  /** `null` if Redis never said so. */
  readonly lastSeen: number | null
  /** Returns this replica's part of a number that all replicas share. It is at least one. */
  of(total: number): number
}

/** Assumed for a replica that started without Redis and without a configured number. */
const ASSUMED_REPLICAS = 4

/** @param atLeast the configured number of replicas, or `null` if none is configured */
export function createFallbackQuota(atLeast: number | null): FallbackQuota {
  let lastSeen: number | null = null
  return {
    saw(replicas) {
      lastSeen = replicas
    },
    get lastSeen() {
      return lastSeen
    },
    of(total) {
      const replicas = Math.max(lastSeen ?? atLeast ?? ASSUMED_REPLICAS, atLeast ?? 1)
      return Math.max(1, Math.floor(total / replicas))
    },
  }
}
