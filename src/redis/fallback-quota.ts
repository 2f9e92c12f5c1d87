/** What one replica may use by itself while Redis is lost. */
export interface FallbackQuota {
  /** So many replicas were seen alive the last time that Redis said. */
  saw(replicas: number): void
  /** Null: never known. */
  readonly lastSeen: number | null
  /** This replica's part of a number that all replicas share; at least one. */
  of(total: number): number
}

/** For a replica that was started without Redis and was not told how many there are. */
const ASSUMED_REPLICAS = 4

/** @param atLeast how many there are by the configuration; null: it does not say */
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
